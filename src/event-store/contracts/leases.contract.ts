import { eventually } from '../../../test/support/eventually';
import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type Lease, type Leases } from '../ports';

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

    const held = async (job: string, owner: string, lengthMs = MINUTE, early = false): Promise<Lease> => {
      const lease = await leases.claim(job, owner, lengthMs, { early });
      if (!lease) throw new Error(`${owner} did not get ${job}`);
      return lease;
    };
    const dueAt = async (job: string) => (await leases.states([job])).get(job)?.dueAt;

    it('give a job to one owner at a time, and to the same one no second time', async () => {
      const lease = await held('reap', 'a');
      expect(lease).toMatchObject({ job: 'reap', owner: 'a' });
      for (const early of [false, true]) {
        expect(await leases.claim('reap', 'b', MINUTE, { early })).toBeNull();
        expect(await leases.claim('reap', 'a', MINUTE, { early })).toBeNull();
      }
      expect(await held('sweep', 'b')).toMatchObject({ job: 'sweep', owner: 'b' });
    });

    it('give a job to one of sixty that claim it at once', async () => {
      const owners = Array.from({ length: 60 }, (_, index) => `owner-${index}`);
      const claims = await Promise.all(owners.map((owner) => leases.claim('reap', owner, MINUTE)));
      expect(claims.filter((lease) => lease !== null)).toHaveLength(1);
      const again = await Promise.all(
        owners.map((owner) => leases.claim('reap', owner, MINUTE, { early: true })),
      );
      expect(again.filter((lease) => lease !== null)).toHaveLength(0);
    });

    it('give each holder a fence of its own, above all before it', async () => {
      const first = await held('reap', 'a');
      expect(await leases.release(first)).toBe(true);
      const second = await held('reap', 'a');
      expect(await leases.release(second)).toBe(true);
      const third = await held('reap', 'b');
      expect([second.fence, third.fence]).toEqual([first.fence + 1, first.fence + 2]);
    });

    it('keep a job that is done until its next turn is due, but for those who come early by intent', async () => {
      const lease = await held('reap', 'a');
      const next = plus(lease.claimedAt, HOUR);
      expect(await leases.release(lease, next)).toBe(true);
      expect(await dueAt('reap')).toEqual(next);
      expect(await leases.claim('reap', 'a', MINUTE)).toBeNull();
      expect(await leases.claim('reap', 'b', MINUTE)).toBeNull();
      expect((await held('reap', 'b', MINUTE, true)).fence).toBe(lease.fence + 1);
    });

    it('give the job away when its next turn is due', async () => {
      const lease = await held('reap', 'a');
      await leases.release(lease, plus(lease.claimedAt, 400));
      expect(await leases.claim('reap', 'b', MINUTE)).toBeNull();
      const next = await inTime(400, 'b');
      expect(next.claimedAt.getTime()).toBeGreaterThanOrEqual(lease.claimedAt.getTime() + 400);
    });

    it('give the job of one that died to another at the end of its lease', async () => {
      const dead = await held('reap', 'a', 300);
      expect(await leases.claim('reap', 'b', MINUTE, { early: true })).toBeNull();
      const taken = await inTime(300, 'b');
      expect(taken.claimedAt.getTime()).toBeGreaterThanOrEqual(dead.claimedAt.getTime() + 300);
      expect(taken.fence).toBe(dead.fence + 1);
    });

    it('refuse what a holder does that lost its lease', async () => {
      const lost = await held('reap', 'a', 40);
      const taken = await inTime(40, 'b');
      const end = await dueAt('reap');
      expect(await leases.renew(lost, HOUR)).toBe(false);
      expect(await leases.release(lost)).toBe(false);
      expect(await leases.release({ ...taken, owner: 'a' })).toBe(false);
      expect(await leases.release({ ...taken, fence: lost.fence })).toBe(false);
      expect([await dueAt('reap'), (await leases.states(['reap'])).get('reap')?.owner]).toEqual([end, 'b']);
      expect(await leases.release(taken)).toBe(true);
      expect(await leases.renew(taken, HOUR)).toBe(false);
      expect(await leases.release(taken)).toBe(false);
    });

    it('let a holder renew', async () => {
      const lease = await held('reap', 'a', 10 * SECOND);
      const end = await dueAt('reap');
      expect(end).toEqual(plus(lease.claimedAt, 10 * SECOND));
      expect(await leases.renew(lease, HOUR)).toBe(true);
      expect((await dueAt('reap'))?.getTime()).toBeGreaterThan(plus(lease.claimedAt, HOUR - 1).getTime());
      expect(await leases.release(lease)).toBe(true);
    });

    it('plan a first turn, bring one forward that is too far away, and tell the time', async () => {
      expect(await leases.states(['reap'])).toEqual(new Map());
      const now = (await held('another', 'a')).claimedAt;
      const first = plus(now, MINUTE);
      const told = await leases.plan('reap', { first, latest: plus(now, 2 * MINUTE) });
      expect(Math.abs(told.getTime() - now.getTime())).toBeLessThan(10 * SECOND);
      expect(await leases.claim('reap', 'a', MINUTE)).toBeNull();
      expect(await leases.states(['reap', 'unheard-of'])).toEqual(
        new Map([['reap', { dueAt: first, owner: '' }]]),
      );

      await leases.plan('reap', { first: plus(now, 2 * HOUR), latest: plus(now, HOUR) });
      expect(await dueAt('reap')).toEqual(first);
      await leases.plan('reap', { first, latest: plus(now, 10 * SECOND) });
      expect(await dueAt('reap')).toEqual(plus(now, 10 * SECOND));

      const lease = await held('reap', 'a', MINUTE, true);
      await leases.plan('reap', { first, latest: now });
      expect(await dueAt('reap')).toEqual(plus(lease.claimedAt, MINUTE));
    });

    it('take an owner by its name, whatever that looks like', async () => {
      expect(await held('reap', '$dueAt')).toMatchObject({ owner: '$dueAt' });
    });

    /** The lease as soon as it is to be had; time passes in steps of the given length. */
    function inTime(ms: number, owner: string): Promise<Lease> {
      return eventually(async () => {
        pass(ms);
        return held('reap', owner);
      });
    }
  });
}
