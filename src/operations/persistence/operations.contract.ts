import { eventually } from '../../../test/support/eventually';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { type ClaimedOperation, type OperationStore } from '../domain/ports';
import { ACCEPTED_AT, anOperation } from '../testing/operation.builder';

interface Bench {
  readonly store: OperationStore;
  /** moves the time that it goes by where that is in a test's hands */
  readonly pass: (ms: number) => void;
}

/** What every OperationStore does; `open` answers an empty one. */
export function operationsContract(kind: string, open: () => Promise<Bench>): void {
  describe(`${kind} operations`, () => {
    let store: OperationStore;
    let pass: (ms: number) => void;
    beforeEach(async () => {
      ({ store, pass } = await open());
    });

    const LATER = plus(ACCEPTED_AT, MINUTE);
    const claimed = async (owner: string, lengthMs = HOUR): Promise<ClaimedOperation> => {
      const claim = await store.claimDue(['count'], owner, lengthMs, LATER);
      if (!claim) throw new Error('nothing waits');
      return claim;
    };
    const page = (given: Partial<Parameters<OperationStore['page']>[0]> = {}) =>
      store.page({ kinds: null, states: null, workerIds: null, after: null, limit: 10, ...given });
    const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

    it('keeps the first of what is accepted twice, whatever became of it', async () => {
      const fresh = { state: 'pending', progress: 0, result: null, startedAt: null, error: null };
      expect(await store.add(anOperation())).toMatchObject({ ...anOperation(), ...fresh });
      const { claim } = await claimed('a');
      await store.finish(claim, { state: 'succeeded', message: 'done', error: null, finishedAt: LATER });
      expect(await store.add(anOperation({ input: { to: 4 } }))).toEqual(await store.find('o-1'));
      expect(await store.find('o-1')).toMatchObject({ input: { to: 3 }, state: 'succeeded', progress: 1 });
      expect(await store.find('o-2')).toBeNull();
    });

    it('gives one to one of twenty that want it at once', async () => {
      await store.add(anOperation());
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.claimDue(['count'], `$o-${index}`, HOUR, LATER)),
      );
      const won = claims.filter((claim) => claim !== null);
      expect(won).toHaveLength(1);
      expect(won[0]).toMatchObject({
        operation: { ...anOperation(), state: 'running', startedAt: LATER },
        claim: { id: 'o-1', fence: 1 },
      });
    });

    it('gives out the kinds that are asked for only', async () => {
      await store.add(anOperation());
      expect(await store.claimDue(['other'], 'a', HOUR, LATER)).toBeNull();
      expect(await store.claimDue([], 'a', HOUR, LATER)).toBeNull();
      expect(await store.claimDue(['other', 'count'], 'a', HOUR, LATER)).not.toBeNull();
    });

    it('gives one to another when its owner is gone, whose word then counts no more', async () => {
      await store.add(anOperation());
      const late = await claimed('a', 40);
      const { claim, operation } = await eventually(async () => {
        pass(40);
        return claimed('b');
      });
      expect(claim).toEqual({ id: 'o-1', owner: 'b', fence: 2 });
      expect(operation.startedAt).toEqual(LATER);
      const lateWords = [
        await store.note(late.claim, { progress: 0.9, message: 'late', result: { late: true } }),
        await store.renew(late.claim, HOUR),
        await store.finish(late.claim, { state: 'failed', message: null, error: null, finishedAt: LATER }),
        await store.release(late.claim, 0),
      ];
      expect(lateWords).toEqual(['lost', 'lost', false, false]);
      expect(await store.find('o-1')).toMatchObject({ state: 'running', progress: 0, result: null });
      expect(await store.note(claim, { progress: 0.2, message: null })).toBe('held');
    });

    it('leaves one with its owner who goes on saying that it is there', async () => {
      await store.add(anOperation());
      const { claim } = await claimed('a', 400);
      expect(await store.renew(claim, HOUR)).toBe('held');
      pass(400);
      expect(await store.claimDue(['count'], 'b', HOUR, LATER)).toBeNull();
    });

    it('notes how far it is, and what came of it up to now', async () => {
      await store.add(anOperation());
      const { claim } = await claimed('a');
      await store.note(claim, { progress: 0.25, message: '$one', result: { seen: [1] } });
      await store.note(claim, { progress: 0.5, message: 'two' });
      expect(await store.find('o-1')).toMatchObject({ progress: 0.5, message: 'two', result: { seen: [1] } });
    });

    it('ends one with what it came to, and gives it to nobody any more', async () => {
      await store.add(anOperation());
      const { claim } = await claimed('a');
      await store.note(claim, { progress: 0.5, message: 'half', result: { half: true } });
      const error = { code: 'aws-refused', message: 'no' };
      const end = { state: 'failed', message: null, error, finishedAt: LATER } as const;
      expect(await store.finish(claim, end)).toBe(true);
      expect(await store.find('o-1')).toMatchObject({
        ...{ state: 'failed', progress: 0.5, message: 'half', error },
        ...{ finishedAt: LATER, result: { half: true } },
      });
      pass(2 * HOUR);
      expect(await store.claimDue(['count'], 'b', HOUR, LATER)).toBeNull();
    });

    it('lets others have what was given up, at once or after a pause', async () => {
      await store.add(anOperation());
      expect(await store.release((await claimed('a')).claim, 0)).toBe(true);
      const { claim } = await claimed('b');
      await store.release(claim, HOUR);
      expect(await store.claimDue(['count'], 'c', HOUR, LATER)).toBeNull();
    });

    it('tells its owner, now or later, that somebody cancelled it', async () => {
      await store.add(anOperation());
      await store.requestCancel('o-1', 'user:ann');
      await store.requestCancel('o-1', 'user:bob');
      const { claim, operation } = await claimed('a');
      expect(operation.cancelledBy).toBe('user:ann');
      expect(await store.note(claim, { progress: 0.5, message: null })).toBe('cancelled');
      expect(await store.renew(claim, HOUR)).toBe('cancelled');
      await store.finish(claim, { state: 'cancelled', message: null, error: null, finishedAt: LATER });
      expect(await store.find('o-1')).toMatchObject({ state: 'cancelled' });
    });

    it('does not cancel what has ended', async () => {
      await store.add(anOperation());
      const { claim } = await claimed('a');
      await store.finish(claim, { state: 'succeeded', message: 'done', error: null, finishedAt: LATER });
      await store.requestCancel('o-1', 'user:ann');
      await store.requestCancel('o-2', 'user:ann');
      expect(await store.find('o-1')).toMatchObject({ state: 'succeeded', cancelledBy: null });
    });

    it('lists them newest first, filtered, in pages that inserts do not move, without their results', async () => {
      await store.add(anOperation({ id: 'o-1', workerId: 'w-1' }));
      await store.note((await claimed('a')).claim, { progress: 0.5, message: null, result: { a: 1 } });
      await store.add(anOperation({ id: 'o-2', createdAt: LATER }));
      await store.add(anOperation({ id: 'o-3', createdAt: LATER, kind: 'other' }));
      const all = await page();
      expect(idsOf(all)).toEqual(['o-3', 'o-2', 'o-1']);
      expect(Object.keys(all[2] ?? {})).not.toEqual(expect.arrayContaining(['result']));
      expect(Object.keys(all[2] ?? {}).sort()).toEqual(Object.keys(all[0] ?? {}).sort());
      await store.add(anOperation({ id: 'o-4', createdAt: plus(LATER, 1) }));
      expect(idsOf(await page({ limit: 1, after: { createdAt: LATER, id: 'o-3' } }))).toEqual(['o-2']);
      expect(idsOf(await page({ after: { createdAt: LATER, id: 'o-2' } }))).toEqual(['o-1']);
      expect(idsOf(await page({ kinds: ['other', 'none'] }))).toEqual(['o-3']);
      expect(idsOf(await page({ states: ['running'] }))).toEqual(['o-1']);
      expect(idsOf(await page({ workerIds: ['w-1'] }))).toEqual(['o-1']);
    });
  });
}
