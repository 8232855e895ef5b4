import { plus, SECOND } from '../../../kernel/clocks';
import { MovedTime } from '../testing/moved-time';
import { type BucketSize } from './token-bucket';
import { type Purpose, TokenQueue } from './token-queue';

let time: MovedTime;
let random: number;
beforeEach(() => {
  time = new MovedTime();
  random = 0;
});

const queueOf = (size: BucketSize) =>
  new TokenQueue('eu-west-1', 'run-instances', size, { ...time, random: () => random });

/** Asks, and notes by name when it is given or refused. */
function asking(queue: TokenQueue) {
  const told: string[] = [];
  const ask = (name: string, purpose: Purpose, count = 1) =>
    void queue.take(count, purpose).then(
      () => told.push(name),
      (error: { awsCode: string }) => told.push(`${name}: ${error.awsCode}`),
    );
  const after = async (ms: number) => {
    time.pass(ms);
    await new Promise(setImmediate);
    return told.splice(0);
  };
  return { ask, after };
}

describe('tokens', () => {
  it('are there at once while the bucket has some, and then come with time', async () => {
    const { ask, after } = asking(queueOf({ capacity: 2, refillPerSecond: 0.5 }));
    for (const name of ['a', 'b', 'c', 'd']) ask(name, 'command');

    expect(await after(0)).toEqual(['a', 'b']);
    expect(await after(1_990)).toEqual([]);
    expect(await after(10)).toEqual(['c']);
    expect(await after(2_000)).toEqual(['d']);
    expect(time.timers.pending).toBe(0);
  });

  it('never come to more than the bucket holds', async () => {
    const { ask, after } = asking(queueOf({ capacity: 2, refillPerSecond: 1 }));
    await after(60_000);
    for (const name of ['a', 'b', 'c']) ask(name, 'command');

    expect(await after(0)).toEqual(['a', 'b']);
  });

  it('go to commands before sweeps, and among these to who came first', async () => {
    const { ask, after } = asking(queueOf({ capacity: 1, refillPerSecond: 1 }));
    for (const name of ['first', 'sweep 1', 'sweep 2']) ask(name, 'sweep');
    for (const name of ['command 1', 'command 2']) ask(name, 'command');

    expect(await after(0)).toEqual(['first']);
    expect(await after(4_000)).toEqual(['command 1', 'command 2', 'sweep 1', 'sweep 2']);
  });

  it('may be more than the bucket holds: what is owed is waited for by the next', async () => {
    const { ask, after } = asking(queueOf({ capacity: 10, refillPerSecond: 10 }));
    ask('many', 'command', 30);
    ask('one', 'command');

    expect(await after(0)).toEqual(['many']);
    expect(await after(2_090)).toEqual([]);
    expect(await after(10)).toEqual(['one']);
  });
});

describe('a wait', () => {
  it('that would be in vain is refused at once, and says when it would not', async () => {
    const queue = queueOf({ capacity: 1, refillPerSecond: 0.02 });
    await queue.take(1, 'sweep');

    // a token is there after 50 s: a command waits for it, a sweep does not
    await expect(queue.take(1, 'sweep')).rejects.toMatchObject({
      failure: 'throttled',
      awsCode: 'ApiBudgetExhausted',
      retryAt: plus(time.machine.now(), 50 * SECOND),
    });
    const command = queue.take(1, 'command');
    time.pass(50 * SECOND);
    await command;
  });

  it('ends when others were let by for too long', async () => {
    const { ask, after } = asking(queueOf({ capacity: 1, refillPerSecond: 0.1 }));
    for (const name of ['first', 'sweep']) ask(name, 'sweep');
    for (const name of ['command 1', 'command 2']) ask(name, 'command');

    expect(await after(20_000)).toEqual(['first', 'command 1', 'command 2']);
    expect(await after(10)).toEqual(['sweep: ApiBudgetExhausted']);
  });

  it('is not begun past the time at which the call is of no use', async () => {
    const queue = queueOf({ capacity: 1, refillPerSecond: 1 });
    await queue.take(1, 'command');

    const late = queue.take(1, 'command', plus(time.machine.now(), 999));

    await expect(late).rejects.toMatchObject({ awsCode: 'ApiBudgetExhausted' });
  });
});

describe('after AWS throttled', () => {
  it('nothing is given for a while, whoever waits, though there were tokens', async () => {
    const queue = queueOf({ capacity: 5, refillPerSecond: 2 });
    const { ask, after } = asking(queue);
    // one second, and half a second for the token
    expect(queue.backOff()).toEqual(plus(time.machine.now(), 1_500));
    for (const name of ['a', 'b']) ask(name, 'command');

    expect(await after(1_490)).toEqual([]);
    expect(await after(10)).toEqual(['a']);
    expect(await after(500)).toEqual(['b']);
  });

  it('again, it is longer each time, up to half a minute, with jitter; and short again once AWS took a call', () => {
    const queue = queueOf({ capacity: 5, refillPerSecond: 1_000 });
    const seconds = () => Math.floor((queue.backOff().getTime() - time.machine.now().getTime()) / SECOND);
    random = 0.999_999;

    const waits = [1, 2, 3, 4, 5, 6].map(() => {
      time.pass(40 * SECOND);
      return seconds();
    });
    expect(waits).toEqual([2, 4, 8, 16, 30, 30]);
    queue.accepted();
    random = 0;
    time.pass(40 * SECOND);
    expect(seconds()).toBe(1);
  });
});

it('shows how it is used', async () => {
  const queue = queueOf({ capacity: 2, refillPerSecond: 0.05 });
  await queue.take(1, 'command');
  time.pass(30 * SECOND);
  await queue.take(1, 'command');
  queue.backOff();
  void queue.take(1, 'command');

  const sizes = { kind: 'run-instances', capacity: 2, refillPerSecond: 0.05 };
  const inUse = { available: 0, usedLastMinute: 2, throttledLastMinute: 1, waiting: 1 };
  expect(queue.use()).toEqual({ ...sizes, ...inUse });
  time.pass(31 * SECOND);
  // one of two was given more than a minute ago; the one that waited got its token
  expect(queue.use()).toEqual({
    ...sizes,
    available: 0,
    usedLastMinute: 2,
    throttledLastMinute: 1,
    waiting: 0,
  });
});
