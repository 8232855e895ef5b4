import { eventually } from '../../../test/support/eventually';
import { HOUR, type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type Posting } from '../domain/posting';
import { type Outbox } from '../domain/ports';
import { aPosting, START } from '../testing/notices-bench';

interface Bench {
  readonly outbox: Outbox;
  readonly clock: MachineClock;
  /** moves the time that it goes by where that is in a test's hands */
  readonly pass: (ms: number) => void;
}

const LATER = plus(START, 2 * HOUR);

/** What every Outbox does; `open` answers an empty one. */
export function outboxContract(kind: string, open: () => Promise<Bench>): void {
  describe(`${kind} outbox`, () => {
    let bench: Bench;
    let outbox: Outbox;
    beforeEach(async () => {
      bench = await open();
      outbox = bench.outbox;
    });

    const claimed = async (owner = 'a', lengthMs = HOUR): Promise<Posting> => {
      const posting = await outbox.claimDue(['webhook', 'slack', 'email'], owner, lengthMs);
      if (!posting) throw new Error('there is none to be had');
      return posting;
    };
    const one = async (noticeId = 'n-1') => (await outbox.ofNotice(noticeId))[0];

    it('keeps the first of what is stored twice, whatever became of it, and adds what is new', async () => {
      await outbox.add([aPosting()]);
      await outbox.record(await claimed(), { state: 'failed', error: '$no' });
      await outbox.add([aPosting({ sentence: 'other' }), aPosting({ id: 'p-2', channel: 'slack' })]);
      const found = await outbox.ofNotice('n-1');
      expect(found.map(({ id, state, sentence }) => [id, state, sentence])).toEqual([
        ['p-1', 'failed', 'lab-1: nobody uses it.'],
        ['p-2', 'pending', 'lab-1: nobody uses it.'],
      ]);
      expect(await outbox.ofNotice('n-2')).toEqual([]);
    });

    it('gives back what it was given', async () => {
      const given = aPosting({ channel: 'email', recipient: 'ann@example.com' });
      await outbox.add([given]);
      expect(await one()).toMatchObject({ ...given, attempts: 0, lastError: null, endedBy: null });
    });

    it('takes what goes to the log for delivered with it', async () => {
      await outbox.add([aPosting({ channel: 'log' })]);
      expect(await one()).toMatchObject({ state: 'delivered', deliveredAt: START });
      expect(await outbox.claimDue(['webhook', 'slack', 'email', 'log'], 'a', HOUR)).toBeNull();
    });

    it('gives one to one of twenty that want it at once', async () => {
      await outbox.add([aPosting()]);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => outbox.claimDue(['webhook'], `$owner-${index}`, HOUR)),
      );
      expect(claims.filter((claim) => claim !== null)).toEqual([
        expect.objectContaining({ id: 'p-1', fence: 1 }),
      ]);
    });

    it('gives out the channels that are asked for only', async () => {
      await outbox.add([aPosting(), aPosting({ id: 'p-2', channel: 'email', recipient: 'ann@example.com' })]);
      expect((await outbox.claimDue(['email'], 'a', HOUR))?.id).toBe('p-2');
      expect(await outbox.claimDue(['email', 'slack'], 'b', HOUR)).toBeNull();
      expect((await outbox.claimDue(['email', 'webhook'], 'c', HOUR))?.id).toBe('p-1');
    });

    it('gives out what has expired only, where that is asked for', async () => {
      await outbox.add([aPosting({ expiresAt: LATER })]);
      expect(await outbox.claimDue(['webhook'], 'a', HOUR, plus(LATER, -1))).toBeNull();
      expect((await outbox.claimDue(['webhook'], 'b', HOUR, LATER))?.id).toBe('p-1');
    });

    it('gives it to another owner when the claim is over, and refuses what the first one says then', async () => {
      await outbox.add([aPosting()]);
      const first = await claimed('a', 200);
      bench.pass(200);
      await eventually(async () => {
        const second = await outbox.claimDue(['webhook'], 'b', HOUR);
        expect(second).toMatchObject({ owner: 'b', fence: 2 });
      });
      expect(await outbox.record(first, { state: 'delivered', at: START })).toBe(false);
      expect(await outbox.release(first)).toBe(false);
      expect(await one()).toMatchObject({ state: 'pending', owner: 'b' });
    });

    it('notes a delivery, and gives it out no more', async () => {
      await outbox.add([aPosting()]);
      expect(await outbox.record(await claimed(), { state: 'delivered', at: LATER })).toBe(true);
      expect(await one()).toMatchObject({ state: 'delivered', deliveredAt: LATER, attempts: 1, owner: null });
      expect(await outbox.claimDue(['webhook'], 'b', HOUR)).toBeNull();
    });

    it('gives it out again after the pause that a failure asks for, and at once what is given back', async () => {
      await outbox.add([aPosting()]);
      await outbox.record(await claimed(), { state: 'pending', error: '$status', pauseMs: 300 });
      expect(await outbox.claimDue(['webhook'], 'b', HOUR)).toBeNull();
      bench.pass(300);
      await eventually(async () =>
        expect(await outbox.claimDue(['webhook'], 'c', HOUR)).toMatchObject({
          ...{ attempts: 1, lastError: '$status' },
        }),
      );
      const mine = await one();
      expect(mine && (await outbox.release(mine))).toBe(true);
      expect(await claimed('d')).toMatchObject({ attempts: 1, owner: 'd' });
    });

    it('ends announcements of another deadline: what waits is superseded, what was told is remembered', async () => {
      await outbox.add([aPosting({ id: 'told', noticeId: 'old-60' })]);
      await outbox.record(await claimed(), { state: 'delivered', at: START });
      await outbox.add([
        aPosting({ id: 'waits', noticeId: 'old-15' }),
        aPosting({ id: 'new', noticeId: 'new-60', deadline: LATER }),
        aPosting({ id: 'other', noticeId: 'other', workerId: 'w-2' }),
        aPosting({ id: 'alarm', noticeId: 'alarm', topic: 'unreadable', deadline: null }),
      ]);
      await outbox.end('w-1', 'x', LATER);
      const states = await Promise.all(['old-60', 'old-15', 'new-60', 'other', 'alarm'].map(one));
      expect(states.map((posting) => [posting?.state, posting?.endedBy])).toEqual([
        ['delivered', 'x'],
        ['superseded', 'x'],
        ...[1, 2, 3].map(() => ['pending', null]),
      ]);
      expect((await outbox.standing(['w-1', 'w-2', 'w-3'])).map(({ id }) => id).sort()).toEqual([
        'new',
        'other',
      ]);
      expect((await outbox.endedBy('w-1', ['x', 'y'])).map(({ id }) => id).sort()).toEqual(['told', 'waits']);
      expect(await outbox.endedBy('w-2', ['x'])).toEqual([]);
      await outbox.end('w-1', 'y', null);
      expect((await outbox.standing(['w-1'])).map(({ id }) => id)).toEqual([]);
      expect((await outbox.endedBy('w-1', ['y'])).map(({ id }) => id)).toEqual(['new']);
      expect([(await one('old-60'))?.endedBy, (await one('new-60'))?.endedBy]).toEqual(['x', 'y']);
    });

    it('does not give out what is superseded, and has one that was under way delivered or nothing', async () => {
      await outbox.add([aPosting(), aPosting({ id: 'p-2', noticeId: 'n-2' })]);
      const claims = [await claimed('a'), await claimed('b')] as const;
      await outbox.end('w-1', 'x', null);
      const again = { state: 'pending', error: 'no', pauseMs: 0 } as const;
      expect(await outbox.record(claims[0], again)).toBe(false);
      expect(await outbox.record(claims[1], { state: 'delivered', at: START })).toBe(true);
      bench.pass(2 * MINUTE);
      expect(await outbox.claimDue(['webhook'], 'c', HOUR)).toBeNull();
      const states = [await one(claims[0].noticeId), await one(claims[1].noticeId)].map((row) => row?.state);
      expect(states).toEqual(['superseded', 'delivered']);
    });
  });
}
