import { HOUR, type ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { type IdempotencyStore, type IdempotentAnswer } from '../ports';

const CREATED: IdempotentAnswer = {
  status: 201,
  headers: { location: '/workers/1' },
  body: { id: '1', tags: { 'cost.center': '$7' }, publicIp: null },
};

/** What every IdempotencyStore does; `open` answers an empty one and the clock it reads. */
export function idempotencyStoreContract(
  kind: string,
  open: () => Promise<{ store: IdempotencyStore; clock: ManualClock }>,
): void {
  describe(`${kind} idempotency store`, () => {
    let store: IdempotencyStore;
    let clock: ManualClock;
    beforeEach(async () => {
      ({ store, clock } = await open());
    });

    it('lets the first of two requests run, and tells the second until when', async () => {
      expect(await store.claim('r1', 'body')).toEqual({ outcome: 'run', since: clock.now() });
      expect(await store.claim('r1', 'body')).toEqual({
        outcome: 'running',
        leaseUntil: plus(clock.now(), MINUTE),
      });
      expect(await store.claim('r2', 'body')).toEqual({ outcome: 'run', since: clock.now() });
    });

    it('lets one of sixteen requests at once run', async () => {
      const claims = await Promise.all(Array.from({ length: 16 }, () => store.claim('r1', 'body')));
      expect(claims.filter(({ outcome }) => outcome === 'run')).toHaveLength(1);
      expect(claims.filter(({ outcome }) => outcome === 'running')).toHaveLength(15);
    });

    it('answers a completed request again', async () => {
      await store.claim('r1', 'body');
      await store.complete('r1', CREATED);
      expect(await store.claim('r1', 'body')).toEqual({ outcome: 'replay', answer: CREATED });
    });

    it('keeps the first answer of two', async () => {
      await store.claim('r1', 'body');
      await store.complete('r1', CREATED);
      await store.complete('r1', { ...CREATED, status: 409 });
      await store.abandon('r1');
      expect(await store.claim('r1', 'body')).toEqual({ outcome: 'replay', answer: CREATED });
    });

    it('refuses another body, running or completed', async () => {
      await store.claim('r1', 'body');
      expect(await store.claim('r1', 'other')).toEqual({ outcome: 'other-body' });
      await store.complete('r1', CREATED);
      expect(await store.claim('r1', 'other')).toEqual({ outcome: 'other-body' });
    });

    it('lets one other run when the first seems to have died', async () => {
      await store.claim('r1', 'body');
      clock.advance(MINUTE);
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => {
          clock.advance(1);
          return store.claim('r1', 'body');
        }),
      );
      expect(claims.filter(({ outcome }) => outcome === 'run')).toHaveLength(1);
      expect(claims.filter(({ outcome }) => outcome === 'running')).toHaveLength(7);
    });

    it('lets the next run after a failure that a repetition may cure, as the same command', async () => {
      const since = clock.now();
      await store.claim('r1', 'body');
      await store.abandon('r1');
      clock.advance(HOUR);
      expect(await store.claim('r1', 'body')).toEqual({ outcome: 'run', since });
      expect(await store.claim('r1', 'body')).toMatchObject({ outcome: 'running' });
    });

    it('takes another body after a failure, which the body may have caused', async () => {
      await store.claim('r1', 'body');
      await store.abandon('r1');
      expect(await store.claim('r1', 'other')).toMatchObject({ outcome: 'run' });
      expect(await store.claim('r1', 'body')).toEqual({ outcome: 'other-body' });
    });

    it('forgets after a day: the key then means a new command', async () => {
      await store.claim('r1', 'body');
      await store.complete('r1', CREATED);
      clock.advance(24 * HOUR - 1);
      expect(await store.claim('r1', 'body')).toEqual({ outcome: 'replay', answer: CREATED });
      clock.advance(1);
      expect(await store.claim('r1', 'other')).toEqual({ outcome: 'run', since: clock.now() });
    });
  });
}
