import { SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { EMPTY, headAfter } from './commit-chain';
import { MemoryParkedStreams } from './memory/memory-parked-streams';
import { MemorySubscriptions } from './memory/memory-subscriptions';
import { MAX_ATTEMPTS, SubscriptionPass } from './subscription-pass';
import { aRequest } from './testing/books';
import { memoryStore } from './testing/memory-store';

/** A subscription to books that fails for those commits whose id is in `failing`. */
async function aSubscription() {
  const { store, clock } = memoryStore();
  const subscriptions = new MemorySubscriptions(clock);
  const parked = new MemoryParkedStreams();
  await subscriptions.ensure('mail', 0);
  const reported: string[] = [];
  const handled: string[] = [];
  const failing = new Map<string, Error>();
  const report = (_error: unknown, during: string) => void reported.push(during);
  const newPass = () =>
    new SubscriptionPass(
      { store, subscriptions, parked, clock, random: () => 1, report },
      {
        name: 'mail',
        startAfter: 0,
        kind: 'book',
        handle: ({ commit: { id } }) => {
          const error = failing.get(id);
          if (error) return Promise.reject(error);
          handled.push(id.replace('000000000', ''));
          return Promise.resolve();
        },
      },
    );
  const heads = new Map<string, typeof EMPTY>();
  const write = async (...streams: string[]) => {
    for (const stream of streams) {
      const head = heads.get(stream) ?? EMPTY;
      const commit = await store.append(aRequest({ stream, head, commandId: `${stream} ${head.version}` }));
      heads.set(stream, headAfter(commit));
    }
    await store.sequence();
  };
  const claim = async (owner = 'a') => {
    const claimed = await subscriptions.claim('mail', owner, 30 * SECOND);
    if (!claimed) throw new Error('somebody else has it');
    return claimed;
  };
  const pass = newPass();
  const run = async () => pass.run(await claim());
  const position = async () => (await subscriptions.list())[0]?.position;
  return {
    ...{ store, clock, subscriptions, parked, reported, handled, failing },
    ...{ write, claim, run, position, newPass },
  };
}

const fail = (message = 'no such mailbox') => new Error(message);

describe('SubscriptionPass', () => {
  it('handles what is its own, in order, and moves over the rest', async () => {
    const { write, run, handled, position } = await aSubscription();
    await write('book-a', 'shelf-x', 'book-b', 'book-a');
    expect(await run()).toEqual({ position: 4, atEnd: true });
    expect(handled).toEqual(['book-a:1', 'book-b:1', 'book-a:2']);
    expect(await position()).toBe(4);
    expect(await run()).toEqual({ position: 4, atEnd: true });
    expect(handled).toHaveLength(3);
  });

  it('goes through a log that is longer than a batch', async () => {
    const { write, run, handled } = await aSubscription();
    await write(...Array.from({ length: 201 }, (_, index) => `book-${index}`));
    expect(await run()).toEqual({ position: 200, atEnd: false });
    expect(await run()).toEqual({ position: 201, atEnd: true });
    expect(handled).toHaveLength(201);
  });

  it('puts a stream aside that it cannot handle, skips its later commits, and goes on with others', async () => {
    const { write, run, handled, failing, parked, position, clock, reported } = await aSubscription();
    failing.set('book-a:0000000001', fail());
    await write('book-a', 'book-b', 'book-a', 'book-b');
    await run();
    await write('book-a', 'book-b');
    await run();
    expect(handled).toEqual(['book-b:1', 'book-b:2', 'book-b:3']);
    expect(await position()).toBe(6);
    expect(await parked.of('mail')).toEqual([
      {
        ...{ subscription: 'mail', stream: 'book-a', fromVersion: 1, attempts: 1, fence: 1 },
        ...{ error: 'no such mailbox', failedAt: clock.now() },
        nextTryAt: new Date(clock.now().getTime() + SECOND),
      },
    ]);
    expect(reported).toEqual(['handle book-a from event 1 for mail']);
  });

  it('tries it again when its time has come, and brings it up to date in order', async () => {
    const { write, run, handled, failing, parked, clock } = await aSubscription();
    failing.set('book-a:0000000001', fail());
    await write('book-a', 'book-a');
    await run();
    failing.clear();
    await write('book-a');
    await run();
    expect(handled).toEqual([]);
    clock.advance(SECOND);
    await write('book-a');
    await run();
    expect(handled).toEqual(['book-a:1', 'book-a:2', 'book-a:3', 'book-a:4']);
    expect(await parked.of('mail')).toEqual([]);
  });

  it('remembers how far a retry came', async () => {
    const { write, run, failing, parked, clock, handled } = await aSubscription();
    failing.set('book-a:0000000001', fail());
    await write('book-a', 'book-a', 'book-a');
    await run();
    failing.clear();
    failing.set('book-a:0000000003', fail('no space'));
    clock.advance(SECOND);
    await run();
    expect(handled).toEqual(['book-a:1', 'book-a:2']);
    expect(await parked.of('mail')).toMatchObject([{ fromVersion: 3, attempts: 1, error: 'no space' }]);
  });

  it('waits longer with each try, and after the last one for a person', async () => {
    const { write, run, failing, parked, clock, reported, handled } = await aSubscription();
    failing.set('book-a:0000000001', fail());
    await write('book-a');
    await run();
    const waits: number[] = [];
    for (let tries = 1; tries < MAX_ATTEMPTS; tries += 1) {
      const [row] = await parked.of('mail');
      waits.push(((row?.nextTryAt?.getTime() ?? 0) - clock.now().getTime()) / SECOND);
      clock.set(row?.nextTryAt ?? clock.now());
      await run();
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(await parked.of('mail')).toMatchObject([{ attempts: 20, nextTryAt: null }]);
    expect(reported).toEqual([
      'handle book-a from event 1 for mail',
      'handle book-a from event 1 for mail: it is parked until a person asks for a retry',
    ]);

    failing.clear();
    clock.advance(24 * 3600 * SECOND);
    await run();
    expect(handled).toEqual([]);
    await parked.retry('mail', 'book-a', clock.now());
    await run();
    expect(handled).toEqual(['book-a:1']);
    expect(await parked.of('mail')).toEqual([]);
  });

  it('stops as a whole when the store is away, and moves nothing', async () => {
    const { write, run, failing, position, parked } = await aSubscription();
    failing.set('book-b:0000000001', new StoreUnavailable('away'));
    await write('book-a', 'book-b');
    await expect(run()).rejects.toThrow(StoreUnavailable);
    expect(await position()).toBe(0);
    expect(await parked.of('mail')).toEqual([]);
  });

  it('moves nothing once another process has the subscription', async () => {
    const { write, claim, newPass, clock, position } = await aSubscription();
    await write('book-a');
    const lost = await claim('a');
    clock.advance(31 * SECOND);
    await claim('b');
    expect(await newPass().run(lost)).toBeNull();
    expect(await position()).toBe(0);
  });

  it('lets an owner that lost it remove nothing that others rely on', async () => {
    const { write, claim, newPass, clock, failing, handled, parked } = await aSubscription();
    failing.set('book-a:0000000001', fail());
    await write('book-a');
    const late = newPass();
    const before = await claim('a');
    await late.run(before);
    const owned = { ...before, position: 1 };
    clock.advance(31 * SECOND);

    const next = newPass();
    const after = await claim('b');
    await next.run(after);
    await write('book-a');
    // b skips the second commit of the stream, since it stands aside; a, who knows of the first one only, retries it
    await next.run({ ...after, position: 1 });
    failing.clear();
    clock.advance(60 * SECOND);
    await late.run(owned);
    expect(await parked.of('mail')).toHaveLength(1);
    await next.run({ ...after, position: 2 });
    expect(handled.at(-1)).toBe('book-a:2');
  });
});
