import { eventually } from '../../../test/support/eventually';
import { type Leases } from '../ports';

/**
 * What every Leases does; `open` answers an empty one, and `pass`, which moves the time that it goes by where that is
 * in a test's hands.
 */
export function leasesContract(
  kind: string,
  open: () => Promise<{ leases: Leases; pass: (ms: number) => void }>,
): void {
  describe(`${kind} leases`, () => {
    let leases: Leases;
    let pass: (ms: number) => void;
    beforeEach(async () => {
      ({ leases, pass } = await open());
    });

    it('gives a job to one owner, who may renew it', async () => {
      const lease = { job: 'reap', owner: 'a', fence: 1 };
      expect(await leases.claim('reap', 'a', 60_000)).toEqual(lease);
      expect(await leases.claim('reap', 'b', 60_000)).toBeNull();
      expect(await leases.claim('reap', 'a', 60_000)).toEqual(lease);
      expect(await leases.claim('sweep', 'b', 60_000)).toEqual({ job: 'sweep', owner: 'b', fence: 1 });
    });

    it('gives a job to one of sixty that claim it at once', async () => {
      const claims = await Promise.all(
        Array.from({ length: 60 }, (_, index) => leases.claim('reap', `owner-${index}`, 60_000)),
      );
      expect(claims.filter((lease) => lease !== null)).toHaveLength(1);
    });

    it('gives the job to another, with a higher fence, when it was released', async () => {
      const lease = await leases.claim('reap', 'a', 60_000);
      expect(lease && (await leases.release(lease))).toBe(true);
      expect(await leases.claim('reap', 'b', 60_000)).toEqual({ job: 'reap', owner: 'b', fence: 2 });
    });

    it('gives the job to another when its time is over, and tells the first one', async () => {
      const lost = await leases.claim('reap', 'a', 40);
      const taken = await eventually(async () => {
        pass(40);
        const lease = await leases.claim('reap', 'b', 60_000);
        if (!lease) throw new Error('still held');
        return lease;
      });
      expect(taken).toEqual({ job: 'reap', owner: 'b', fence: 2 });
      expect(lost && (await leases.release(lost))).toBe(false);
      expect(await leases.claim('reap', 'a', 60_000)).toBeNull();
    });

    it('takes an owner by its name, whatever that looks like', async () => {
      expect(await leases.claim('reap', '$dueAt', 60_000)).toEqual({
        job: 'reap',
        owner: '$dueAt',
        fence: 1,
      });
    });
  });
}
