import { type Subscriptions } from '../subscription-ports';

/** Lets the server's time pass. */
export interface SubscriptionsBench {
  readonly subscriptions: Subscriptions;
  readonly pass: (ms: number) => Promise<void> | void;
}

/** What every kind of Subscriptions does. `open` gives empty ones. */
export function subscriptionsContract(kind: string, open: () => Promise<SubscriptionsBench>): void {
  describe(`${kind} subscriptions`, () => {
    it('are created once, at their first position', async () => {
      const { subscriptions } = await open();
      await subscriptions.ensure('mail', 7);
      await Promise.all([1, 2, 3].map(() => subscriptions.ensure('mail', 9)));
      expect(await subscriptions.list()).toEqual([
        {
          name: 'mail',
          position: 7,
          owner: null,
          fence: 0,
          dueAt: new Date(0),
          attempts: 0,
          lastError: null,
        },
      ]);
    });

    it('belong to one of twenty who claim at once', async () => {
      const { subscriptions } = await open();
      await subscriptions.ensure('mail', 0);
      const owners = Array.from({ length: 20 }, (_, index) => `owner-${index}`);
      const claims = await Promise.all(owners.map((owner) => subscriptions.claim('mail', owner, 30_000)));
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    });

    it('are renewed by their owner under the same fence, and go to another one under the next', async () => {
      const { subscriptions, pass } = await open();
      await subscriptions.ensure('mail', 3);
      const ours = { name: 'mail', owner: 'a', fence: 1, position: 3 };
      expect(await subscriptions.claim('mail', 'a', 400)).toEqual(ours);
      expect(await subscriptions.claim('mail', 'a', 400)).toEqual(ours);
      expect(await subscriptions.claim('mail', 'b', 400)).toBeNull();
      await pass(500);
      expect(await subscriptions.claim('mail', 'b', 400)).toEqual({ ...ours, owner: 'b', fence: 2 });
    });

    it('refuse everything of an owner that lost them', async () => {
      const { subscriptions, pass } = await open();
      await subscriptions.ensure('mail', 0);
      const lost = await subscriptions.claim('mail', 'a', 100);
      await pass(200);
      const taken = await subscriptions.claim('mail', 'b', 30_000);
      if (!lost || !taken) throw new Error('both had it in turn');
      expect(await subscriptions.move(lost, 5)).toBe(false);
      expect(await subscriptions.noteFailure(lost, 'late')).toBe(false);
      expect(await subscriptions.release(lost)).toBe(false);
      expect(await subscriptions.move(taken, 4)).toBe(true);
      expect(await subscriptions.list()).toMatchObject([{ position: 4, owner: 'b', lastError: null }]);
    });

    it('count failures until the position moves, and are free once they are released', async () => {
      const { subscriptions } = await open();
      await subscriptions.ensure('mail', 0);
      const claim = await subscriptions.claim('mail', 'a', 30_000);
      if (!claim) throw new Error('nobody else has it');
      await subscriptions.noteFailure(claim, 'first');
      await subscriptions.noteFailure(claim, 'second');
      expect(await subscriptions.list()).toMatchObject([{ attempts: 2, lastError: 'second' }]);
      await subscriptions.move(claim, 1);
      expect(await subscriptions.list()).toMatchObject([{ attempts: 0, lastError: null, position: 1 }]);
      expect(await subscriptions.release(claim)).toBe(true);
      expect(await subscriptions.list()).toMatchObject([{ owner: null }]);
      expect(await subscriptions.claim('mail', 'b', 30_000)).toMatchObject({ fence: 2, position: 1 });
    });

    it('are gone when they are removed', async () => {
      const { subscriptions } = await open();
      await subscriptions.ensure('mail', 0);
      await subscriptions.remove('mail');
      expect(await subscriptions.claim('mail', 'a', 30_000)).toBeNull();
      expect(await subscriptions.list()).toEqual([]);
    });
  });
}
