import { SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { LogTail } from './log-tail';
import { MemoryParkedStreams } from './memory/memory-parked-streams';
import { MemorySubscriptions } from './memory/memory-subscriptions';
import { SubscriptionHost } from './subscription-host';
import { aRequest } from './testing/books';
import { memoryStore } from './testing/memory-store';

/** Replicas over one store, each with a subscription of the same name that notes what it was given. */
function replicas() {
  const { store, clock } = memoryStore();
  const subscriptions = new MemorySubscriptions(clock);
  const parked = new MemoryParkedStreams();
  const handled: string[] = [];
  const reported: string[] = [];
  const report = (_error: unknown, during: string) => void reported.push(during);
  let trouble: Error | null = null;
  const replica = async (owner: string) => {
    const tail = new LogTail(store, report);
    await tail.open();
    const random = () => 1;
    const host = new SubscriptionHost({ store, subscriptions, parked, tail, clock, random, report, owner });
    const definition = {
      name: 'mail',
      startAfter: 0,
      kind: null,
      handle: ({ commit }: { commit: { stream: string } }) => {
        if (trouble) return Promise.reject(trouble);
        handled.push(`${owner} ${commit.stream}`);
        return Promise.resolve();
      },
    };
    await host.add(definition);
    const turn = async () => {
      await tail.refresh();
      await host.runAll();
    };
    return { host, tail, turn, definition };
  };
  const write = async (stream: string) => {
    await store.append(aRequest({ stream }));
    await store.sequence();
  };
  const fail = (error: Error | null) => void (trouble = error);
  return { ...{ store, clock, subscriptions, parked, handled, reported }, replica, write, fail };
}

describe('subscriptions of several replicas', () => {
  it('are handled by one of them', async () => {
    const { replica, write, handled } = replicas();
    const [a, b] = [await replica('a'), await replica('b')];
    await write('book-1');
    await a.turn();
    await b.turn();
    await write('book-2');
    await b.turn();
    await a.turn();
    expect(handled).toEqual(['a book-1', 'a book-2']);
  });

  it('go to another one at once after a stop in order, and when the claim ends after a crash', async () => {
    const { replica, write, handled, clock } = replicas();
    const [a, b, c] = [await replica('a'), await replica('b'), await replica('c')];
    await write('book-1');
    await a.turn();
    await a.host.stop();
    await write('book-2');
    await b.turn();
    expect(handled).toEqual(['a book-1', 'b book-2']);

    await write('book-3');
    clock.advance(29 * SECOND);
    await c.turn();
    expect(handled).toHaveLength(2);
    clock.advance(2 * SECOND);
    await c.turn();
    expect(handled).toEqual(['a book-1', 'b book-2', 'c book-3']);
  });

  it('stay with the one that has them as long as it renews', async () => {
    const { replica, write, handled, clock } = replicas();
    const [a, b] = [await replica('a'), await replica('b')];
    for (let minute = 1; minute <= 4; minute += 1) {
      await write(`book-${minute}`);
      await a.turn();
      await b.turn();
      clock.advance(20 * SECOND);
      await a.turn();
    }
    expect(handled).toEqual(['a book-1', 'a book-2', 'a book-3', 'a book-4']);
  });

  it('wait longer with each pass that fails as a whole', async () => {
    const { replica, write, handled, clock, fail, reported } = replicas();
    const a = await replica('a');
    fail(new StoreUnavailable('away'));
    await write('book-1');
    const turns = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(SECOND);
        await a.turn();
      }
    };
    await a.turn();
    await turns(7);
    // at once, after 1 s, and 2 and 4 s later
    expect(reported).toHaveLength(4);
    fail(null);
    await turns(8);
    expect(handled).toEqual(['a book-1']);
  });

  it('go on under a new fence after a pass that failed, whose last word may still be on its way', async () => {
    const { replica, write, clock, fail, subscriptions, handled } = replicas();
    const a = await replica('a');
    fail(new StoreUnavailable('away'));
    await write('book-1');
    await a.turn();
    expect(await subscriptions.list()).toMatchObject([{ owner: 'a', fence: 1, position: 0 }]);
    fail(null);
    clock.advance(SECOND);
    await a.turn();
    expect(await subscriptions.list()).toMatchObject([{ owner: 'a', fence: 2, position: 1 }]);
    expect(handled).toEqual(['a book-1']);
  });

  it('can be read ahead of their owner, without being moved', async () => {
    const { replica, write, handled, subscriptions } = replicas();
    const [a, b] = [await replica('a'), await replica('b')];
    await write('book-1');
    await a.turn();
    await write('book-2');
    await b.host.readAhead(b.definition);
    expect(handled).toEqual(['a book-1', 'b book-2']);
    expect(await subscriptions.list()).toMatchObject([{ position: 1 }]);
  });

  it('read ahead of what cannot be handled, but not of a store that is away', async () => {
    const { replica, write, fail, reported } = replicas();
    const a = await replica('a');
    await write('book-1');
    fail(new Error('no such mailbox'));
    await a.host.readAhead(a.definition);
    expect(reported).toEqual(['read ahead book-1:0000000001 for mail']);
    fail(new StoreUnavailable('away'));
    await expect(a.host.readAhead(a.definition)).rejects.toThrow(StoreUnavailable);
  });

  it('end for all with their position and what is parked', async () => {
    const { replica, write, subscriptions, parked, fail, handled } = replicas();
    const [a, b] = [await replica('a'), await replica('b')];
    fail(new Error('no such mailbox'));
    await write('book-1');
    await a.turn();
    await a.host.remove('mail');
    fail(null);
    await b.turn();
    expect([await subscriptions.list(), await parked.of('mail'), handled]).toEqual([[], [], []]);
  });
});
