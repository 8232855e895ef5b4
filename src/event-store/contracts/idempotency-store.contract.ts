import { HOUR, type ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { type IdempotencyStore, type IdempotentAnswer } from '../ports';

const CREATED: IdempotentAnswer = {
  status: 201,
  headers: { location: '/workers/1' },
  body: { id: '1', tags: { 'cost.center': '$7' }, publicIp: null },
};

const run = (bodyHash: string, since: Date) => ({ outcome: 'run', since, bodyHash });

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
      expect(await store.claim('r1', 'body', 'me')).toEqual(run('body', clock.now()));
      expect(await store.claim('r1', 'body', 'me')).toEqual({
        outcome: 'running',
        leaseUntil: plus(clock.now(), MINUTE),
      });
      expect(await store.claim('r2', 'body', 'me')).toEqual(run('body', clock.now()));
    });

    it('lets one of sixteen requests at once run', async () => {
      const claims = await Promise.all(Array.from({ length: 16 }, () => store.claim('r1', 'body', 'me')));
      expect(claims.filter(({ outcome }) => outcome === 'run')).toHaveLength(1);
      expect(claims.filter(({ outcome }) => outcome === 'running')).toHaveLength(15);
    });

    it('answers a completed request again', async () => {
      await store.claim('r1', 'body', 'me');
      await store.complete('r1', 'me', CREATED);
      expect(await store.claim('r1', 'body', 'me')).toEqual({ outcome: 'replay', answer: CREATED });
    });

    it('keeps the first answer of two', async () => {
      await store.claim('r1', 'body', 'me');
      await store.complete('r1', 'me', CREATED);
      await store.complete('r1', 'me', { ...CREATED, status: 409 });
      await store.abandon('r1', 'me');
      expect(await store.claim('r1', 'body', 'me')).toEqual({ outcome: 'replay', answer: CREATED });
    });

    it('refuses another body, running or completed', async () => {
      await store.claim('r1', 'body', 'me');
      expect(await store.claim('r1', 'other', 'me')).toEqual({ outcome: 'other-body' });
      await store.complete('r1', 'me', CREATED);
      expect(await store.claim('r1', 'other', 'me')).toEqual({ outcome: 'other-body' });
    });

    it('lets one other run when the first seems to have died', async () => {
      await store.claim('r1', 'body', 'me');
      clock.advance(MINUTE);
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => {
          clock.advance(1);
          return store.claim('r1', 'body', 'me');
        }),
      );
      expect(claims.filter(({ outcome }) => outcome === 'run')).toHaveLength(1);
      expect(claims.filter(({ outcome }) => outcome === 'running')).toHaveLength(7);
    });

    it('lets the next run after a failure that a repetition may cure, as the same command', async () => {
      const since = clock.now();
      await store.claim('r1', 'body', 'me');
      await store.abandon('r1', 'me');
      clock.advance(HOUR);
      expect(await store.claim('r1', 'body', 'me')).toEqual(run('body', since));
      expect(await store.claim('r1', 'body', 'me')).toMatchObject({ outcome: 'running' });
    });

    it('keeps the outcome of whoever claimed it last, and no late word of those before', async () => {
      await store.claim('r1', 'body', 'first');
      clock.advance(MINUTE);
      await store.claim('r1', 'body', 'second');
      await store.abandon('r1', 'first');
      await store.complete('r1', 'first', { ...CREATED, status: 409 });
      expect(await store.claim('r1', 'body', 'third')).toMatchObject({ outcome: 'running' });
      await store.complete('r1', 'second', CREATED);
      expect(await store.claim('r1', 'body', 'third')).toEqual({ outcome: 'replay', answer: CREATED });
    });

    it('takes another body after a failure, which the body may have caused', async () => {
      await store.claim('r1', 'body', 'me');
      await store.abandon('r1', 'me');
      expect(await store.claim('r1', 'other', 'me')).toMatchObject({ outcome: 'run' });
      expect(await store.claim('r1', 'body', 'me')).toEqual({ outcome: 'other-body' });
    });

    it('knows a body by a former hash, and goes on under it as the same command', async () => {
      const since = clock.now();
      await store.claim('r1', 'former', 'me');
      expect(await store.claim('r1', 'body', 'me', ['older', 'former'])).toMatchObject({
        outcome: 'running',
      });
      clock.advance(MINUTE);
      expect(await store.claim('r1', 'body', 'me', ['former'])).toEqual(run('former', since));
      await store.complete('r1', 'me', CREATED);
      expect(await store.claim('r1', 'body', 'me', ['former'])).toMatchObject({ outcome: 'replay' });
      expect(await store.claim('r1', 'body', 'me', ['older'])).toEqual({ outcome: 'other-body' });
    });

    it('forgets after a day: the key then means a new command', async () => {
      await store.claim('r1', 'body', 'me');
      await store.complete('r1', 'me', CREATED);
      clock.advance(24 * HOUR - 1);
      expect(await store.claim('r1', 'body', 'me')).toEqual({ outcome: 'replay', answer: CREATED });
      clock.advance(1);
      expect(await store.claim('r1', 'other', 'me')).toEqual(run('other', clock.now()));
    });
  });
}
