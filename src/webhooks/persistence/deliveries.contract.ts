import { eventually } from '../../../test/support/eventually';
import { HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { type Delivery, type DeliveryTry } from '../domain/delivery';
import { type Deliveries } from '../domain/ports';
import { aDelivery } from '../testing/delivery.builder';

interface Bench {
  readonly deliveries: Deliveries;
  readonly clock: MachineClock;
  /** moves the time that it goes by where that is in a test's hands */
  readonly pass: (ms: number) => void;
}

/** What every Deliveries does; `open` answers an empty one. */
export function deliveriesContract(kind: string, open: () => Promise<Bench>): void {
  describe(`${kind} deliveries`, () => {
    let bench: Bench;
    let deliveries: Deliveries;
    beforeEach(async () => {
      bench = await open();
      deliveries = bench.deliveries;
    });

    const claimed = async (id: string, owner: string): Promise<Delivery> => {
      const delivery = await deliveries.claim(id, owner, HOUR);
      if (!delivery) throw new Error(`${id} cannot be had`);
      return delivery;
    };
    const aTry = (given: Partial<DeliveryTry> = {}): DeliveryTry => ({
      ...{ at: bench.clock.now(), status: 500, durationMs: 7, error: '$status 500' },
      ...given,
    });
    const page = (given: Partial<Parameters<Deliveries['page']>[0]> = {}) =>
      deliveries.page({ webhookId: 'w-1', states: null, after: null, limit: 10, ...given });

    it('keeps the first of what is stored twice, whatever became of it', async () => {
      await deliveries.add([aDelivery()]);
      await deliveries.record(await claimed('d-1', 'a'), aTry(), { state: 'failed' });
      await deliveries.add([aDelivery({ body: 'other' }), aDelivery({ id: 'd-2' })]);
      expect(await deliveries.find('d-1')).toMatchObject({ state: 'failed', body: '{"id":"e-1"}' });
      expect(await deliveries.find('d-2')).toMatchObject({ state: 'pending', attempts: 0, tries: [] });
      expect(await deliveries.find('d-3')).toBeNull();
    });

    it('gives one to one of twenty that want it at once', async () => {
      await deliveries.add([aDelivery()]);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => deliveries.claimDue(['w-1'], `$owner-${index}`, HOUR)),
      );
      const won = claims.filter((claim) => claim !== null);
      expect(won).toEqual([expect.objectContaining({ id: 'd-1', fence: 1 })]);
      expect(won[0]?.owner).toMatch(/^\$owner-/);
      expect(await deliveries.claim('d-1', 'late', HOUR)).toBeNull();
    });

    it('gives out the webhooks that are asked for only, in the order of the log', async () => {
      const ids = [3, 1, 2].map((position) => aDelivery({ id: `d-${position}`, position }));
      await deliveries.add([
        ...ids,
        aDelivery({ id: 'other', webhookId: 'w-2', position: 0 }),
        aDelivery({ id: 'ping', position: 0, isPing: true }),
      ]);
      const order: unknown[] = [];
      for (const owner of ['a', 'b', 'c', 'd']) {
        order.push((await deliveries.claimDue(['w-1', 'w-3'], owner, HOUR))?.id ?? null);
      }
      expect(order).toEqual(['d-1', 'd-2', 'd-3', null]);
      expect(await deliveries.claimDue([], 'e', HOUR)).toBeNull();
      expect(await deliveries.claim('ping', 'e', HOUR)).toMatchObject({ id: 'ping' });
    });

    it('gives one to another when the time of its owner is over, whose word then counts no more', async () => {
      await deliveries.add([aDelivery()]);
      const late = await deliveries.claimDue(['w-1'], 'a', 40);
      const taken = await eventually(async () => {
        bench.pass(40);
        const claim = await deliveries.claimDue(['w-1'], 'b', HOUR);
        if (!claim) throw new Error('still held');
        return claim;
      });
      expect(taken).toMatchObject({ owner: 'b', fence: 2 });
      if (!late) throw new Error('it was not to be had');
      expect(await deliveries.record(late, aTry(), { state: 'failed' })).toBe(false);
      expect(await deliveries.release({ id: 'd-1', owner: 'a', fence: 1 })).toBe(false);
      expect(await deliveries.find('d-1')).toMatchObject({ state: 'pending', owner: 'b', tries: [] });
      expect(await deliveries.record(taken, aTry(), { state: 'delivered' })).toBe(true);
    });

    it('notes tries, the last ten of them, and waits for the next one', async () => {
      await deliveries.add([aDelivery()]);
      const first = aTry({ durationMs: 0 });
      await deliveries.record(await claimed('d-1', 'a0'), first, { state: 'pending', pauseMs: 0 });
      for (let count = 1; count < 12; count += 1) {
        const claim = await claimed('d-1', `a${count}`);
        const tried = aTry({ durationMs: count });
        expect(await deliveries.record(claim, tried, { state: 'pending', pauseMs: 0 })).toBe(true);
      }
      const waiting = await claimed('d-1', 'b');
      await deliveries.record(waiting, aTry({ durationMs: 12 }), { state: 'pending', pauseMs: HOUR });
      const found = await deliveries.find('d-1');
      expect(found).toMatchObject({ state: 'pending', attempts: 13, firstTryAt: first.at, owner: null });
      expect(found?.tries.map(({ durationMs }) => durationMs)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(found?.tries[0]).toEqual({ ...aTry({ durationMs: 3 }), at: expect.any(Date) as Date });
      expect(await deliveries.claimDue(['w-1'], 'c', HOUR)).toBeNull();
    });

    it('lets others have what was released', async () => {
      await deliveries.add([aDelivery()]);
      const { id, fence } = await claimed('d-1', 'a');
      expect(await deliveries.release({ id, owner: 'a', fence })).toBe(true);
      expect(await deliveries.claimDue(['w-1'], 'b', HOUR)).toMatchObject({ fence: 2, attempts: 0 });
    });

    it('can end one without a try', async () => {
      await deliveries.add([aDelivery()]);
      await deliveries.record(await claimed('d-1', 'a'), null, { state: 'failed' });
      expect(await deliveries.find('d-1')).toMatchObject({ state: 'failed', attempts: 0, tries: [] });
    });

    it('knows whether a webhook was reached since', async () => {
      const now = bench.clock.now();
      await deliveries.add([aDelivery()]);
      expect(await deliveries.anyDelivered('w-1', now)).toBe(false);
      await deliveries.record(await claimed('d-1', 'a'), aTry({ at: now }), { state: 'delivered' });
      expect(await deliveries.anyDelivered('w-1', now)).toBe(true);
      expect(await deliveries.anyDelivered('w-1', plus(now, 1))).toBe(false);
      expect(await deliveries.anyDelivered('w-2', now)).toBe(false);
    });

    it('makes parked ones due again, with a fresh count and their log', async () => {
      await deliveries.add([
        ...['d-1', 'd-2', 'd-3'].map((id) => aDelivery({ id })),
        aDelivery({ id: 'ping', isPing: true }),
      ]);
      for (const [id, state] of [
        ['d-1', 'failed'],
        ['d-2', 'failed'],
        ['d-3', 'delivered'],
        ['ping', 'failed'],
      ] as const) {
        await deliveries.record(await claimed(id, id), aTry(), { state });
      }
      expect(await deliveries.renewFailed('w-1')).toBe(2);
      expect(await deliveries.renewFailed('w-1')).toBe(0);
      expect(await deliveries.find('d-1')).toMatchObject({ state: 'pending', attempts: 0, firstTryAt: null });
      expect((await deliveries.find('d-1'))?.tries).toHaveLength(1);
      await deliveries.renew('d-3');
      expect((await page({ states: ['pending'] })).map(({ id }) => id).sort()).toEqual(['d-1', 'd-2', 'd-3']);
    });

    it('leaves the one alone that somebody has, when it is asked for anew', async () => {
      await deliveries.add([aDelivery()]);
      const claim = await claimed('d-1', 'a');
      await deliveries.renew('d-1');
      expect(await deliveries.record(claim, aTry(), { state: 'delivered' })).toBe(true);
    });

    it('lists those of a webhook, newest first, by state', async () => {
      const ids = ['d-1', 'd-2', 'd-3', 'd-4'];
      await deliveries.add(ids.map((id) => aDelivery({ id })));
      await deliveries.add([aDelivery({ id: 'other', webhookId: 'w-2' })]);
      await deliveries.record(await claimed('d-2', 'a'), aTry(), { state: 'failed' });
      const all = await page();
      expect(all.map(({ id }) => id).sort()).toEqual(ids);
      const [first, second] = await page({ limit: 2 });
      expect([first, second].map((row) => row?.id)).toEqual(all.slice(0, 2).map(({ id }) => id));
      if (!second) throw new Error('too few');
      expect((await page({ after: second })).map(({ id }) => id)).toEqual(all.slice(2).map(({ id }) => id));
      expect((await page({ states: ['failed', 'delivered'] })).map(({ id }) => id)).toEqual(['d-2']);
    });

    it('forgets one, or all of a webhook', async () => {
      await deliveries.add(['d-1', 'd-2', 'd-3'].map((id) => aDelivery({ id })));
      await deliveries.add([aDelivery({ id: 'other', webhookId: 'w-2' })]);
      await deliveries.remove('d-1');
      expect(await page()).toHaveLength(2);
      await deliveries.removeAll('w-1');
      expect(await page()).toEqual([]);
      expect(await deliveries.find('other')).not.toBeNull();
    });
  });
}
