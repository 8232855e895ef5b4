import { MINUTE, plus } from '../../kernel/clocks';
import { failed, type LabsValues, observed } from '../domain/observation';
import { type ObservationStore } from '../domain/ports';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const LABS: LabsValues = {
  total: 2,
  running: 1,
  labs: [{ id: 'lab-1', title: 'a.b $c', owner: null, state: 'STARTED', nodeCount: 3 }],
};
const labs = (running: number, at = NOW, worker = 'w1') =>
  observed<'cml-labs'>(undefined, worker, 'cml-labs', { ...LABS, running }, at);
const refused = { code: 'timeout', message: 'no answer', at: plus(NOW, MINUTE) };

/** What every ObservationStore does; `open` answers an empty one. */
export function observationStoreContract(kind: string, open: () => Promise<ObservationStore>): void {
  describe(`${kind} observations`, () => {
    let store: ObservationStore;
    beforeEach(async () => {
      store = await open();
    });

    it('gives back what was saved, source by source and worker by worker', async () => {
      const missing = { status: 'UNKNOWN', publicIp: null, privateIp: null, instanceType: null };
      const retirement = {
        id: 'e-1',
        code: 'instance-retirement',
        description: null,
        notBefore: NOW,
        notAfter: null,
      };
      const health = { checks: { system: 'ok', instance: null }, scheduledEvents: [retirement] };
      const values = { ...missing, ...health, missingSince: NOW, healthReadAt: NOW, interruption: null };
      const ec2 = observed<'ec2'>(undefined, 'w1', 'ec2', values, NOW, 'sweep-1');
      const neverRead = failed<'cml-system'>(undefined, 'w2', 'cml-system', refused);
      await store.save([labs(1), ec2, neverRead]);
      expect(await store.of('w1')).toEqual({ ec2, 'cml-labs': labs(1) });
      expect(await store.ofMany(['w2', 'w1', 'w3'])).toEqual(
        new Map<string, unknown>([
          ['w2', { 'cml-system': neverRead }],
          ['w1', { ec2, 'cml-labs': labs(1) }],
          ['w3', {}],
        ]),
      );
      expect(await store.of('w3')).toEqual({});
      await store.save([]);
    });

    it('replaces what is older, and drops what comes too late', async () => {
      const later = labs(2, plus(NOW, MINUTE));
      await store.save([labs(1), labs(1, NOW, 'w2')]);
      await store.save([later]);
      await store.save([labs(3), labs(0, plus(NOW, MINUTE), 'w2')]);
      await store.save([failed<'cml-labs'>(undefined, 'w1', 'cml-labs', refused)]);
      expect(await store.of('w1')).toEqual({ 'cml-labs': later });
      expect(await store.of('w2')).toEqual({ 'cml-labs': labs(0, plus(NOW, MINUTE), 'w2') });
    });

    it('keeps the values of a reading when the next one fails, and takes the next good one', async () => {
      const gone = failed(labs(1), 'w1', 'cml-labs', refused);
      await store.save([failed<'cml-labs'>(undefined, 'w1', 'cml-labs', refused)]);
      await store.save([labs(1)]);
      await store.save([gone]);
      expect(await store.of('w1')).toEqual({ 'cml-labs': gone });
    });

    it('answers some sources only', async () => {
      const system = failed<'cml-system'>(undefined, 'w1', 'cml-system', refused);
      await store.save([labs(1), system, labs(1, NOW, 'w2')]);
      expect(await store.ofMany(['w1', 'w2'], ['cml-system'])).toEqual(
        new Map<string, unknown>([
          ['w1', { 'cml-system': system }],
          ['w2', {}],
        ]),
      );
    });

    it('confirms many at once: later, by another sweep, one reading more, and well again', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `w${index}`);
      const before = workers.map((id, index) =>
        index % 2 === 0 ? labs(1, NOW, id) : failed(labs(1, NOW, id), id, 'cml-labs', refused),
      );
      const at = plus(NOW, MINUTE);
      const again = before.map((one) => ({
        before: one,
        after: observed<'cml-labs'>(one, one.workerId, 'cml-labs', one.values ?? LABS, at, 'sweep-2'),
      }));
      await store.save(before);
      await store.confirm(again);
      await store.confirm([]);
      const found = await store.ofMany(workers);
      expect(workers.map((id) => found.get(id)?.['cml-labs'])).toEqual(again.map(({ after }) => after));
    });

    it('confirms nothing that somebody else has read since, later or earlier', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `w${index}`);
      const before = workers.map((id) => labs(1, NOW, id));
      const at = plus(NOW, 2 * MINUTE);
      const again = before.map((one) => ({ before: one, after: labs(1, at, one.workerId) }));
      await store.save(before);
      const later = labs(3, plus(NOW, 3 * MINUTE), 'w7');
      await store.save([later, labs(2, plus(NOW, MINUTE), 'w8')]);
      await store.confirm(again);
      const found = await store.ofMany(workers);
      expect(found.get('w7')).toEqual({ 'cml-labs': later });
      expect(found.get('w8')).toEqual({ 'cml-labs': labs(1, at, 'w8') });
      expect(found.get('w9')).toEqual({ 'cml-labs': { ...labs(1, at, 'w9') } });
    });

    it('ends with the newer of two that are first saved at the same moment', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `raced-${index}`);
      const both = workers.flatMap((id) => [labs(1, NOW, id), labs(2, plus(NOW, MINUTE), id)]);
      await Promise.all(both.map((one) => store.save([one])));
      const found = await store.ofMany(workers);
      const running = workers.map((id) => found.get(id)?.['cml-labs']?.values?.running);
      expect(running).toEqual(workers.map(() => 2));
    });
  });
}
