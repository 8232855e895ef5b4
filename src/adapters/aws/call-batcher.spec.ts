import { ComputeError, type ComputeFailure } from '../../workers';
import { ManualTimers } from '../../kernel/timers';
import { CallBatcher } from './call-batcher';

/** An AWS that refuses a call for the first bad id in it; its tokens are given by hand. */
class Calls {
  readonly sent: string[][] = [];
  readonly bad = new Map<string, ComputeFailure>();
  /** whether AWS's text tells which id is bad */
  names = true;
  private readonly waiting: (() => void)[] = [];
  private free = 0;

  readonly batcher: CallBatcher<string>;
  /** calls are answered only when it is */
  held: Promise<void> = Promise.resolve();
  readonly timers = new ManualTimers();

  constructor(most = 50) {
    const token = () => {
      if (this.free > 0) {
        this.free -= 1;
        return Promise.resolve();
      }
      return new Promise<void>((resolve) => this.waiting.push(resolve));
    };
    const send = async (ids: readonly string[], waited: boolean) => {
      if (!waited) await token();
      this.sent.push([...ids]);
      await this.held;
      const guilty = ids.find((id) => this.bad.has(id));
      if (guilty !== undefined) throw this.refusal(guilty);
      return (id: string) => `${id} done`;
    };
    this.batcher = new CallBatcher({
      most,
      ready: token,
      longEnough: (call) => this.timers.after(1_000, call),
      send,
    });
  }

  tokens(count: number): void {
    this.free += count;
    for (const resume of this.waiting.splice(0, this.free)) {
      this.free -= 1;
      resume();
    }
  }

  /** What each id got: its answer, or the failure. */
  async outcomes(ids: readonly string[]): Promise<string[]> {
    const settled = await Promise.allSettled(ids.map((id) => this.batcher.submit(id)));
    return settled.map((each) =>
      each.status === 'fulfilled' ? each.value : (each.reason as ComputeError).failure,
    );
  }

  private refusal(id: string): ComputeError {
    const cause = new Error(this.names ? `The instance '${id}' is not in a state for it.` : 'No.');
    return new ComputeError(this.bad.get(id) ?? 'rejected', 'SomeCode', 'refused', { cause });
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `i-${index}`);

it('sends what is asked for at the same time as one call, and answers each', async () => {
  const calls = new Calls();
  calls.tokens(1);

  expect(await calls.outcomes(['i-1', 'i-2'])).toEqual(['i-1 done', 'i-2 done']);
  expect(calls.sent).toEqual([['i-1', 'i-2']]);
});

it('takes along what comes while the call waits for its token, and no later', async () => {
  const calls = new Calls();
  const first = calls.batcher.submit('i-1');
  await new Promise(setImmediate);
  const second = calls.batcher.submit('i-2');
  calls.tokens(1);
  await first;
  const third = calls.batcher.submit('i-3');
  calls.tokens(1);

  expect(await Promise.all([second, third])).toEqual(['i-2 done', 'i-3 done']);
  expect(calls.sent).toEqual([['i-1', 'i-2'], ['i-3']]);
});

describe('while a call is under way', () => {
  it('what is asked for goes out together once that is answered', async () => {
    const calls = new Calls();
    calls.tokens(10);
    let answer = () => {};
    calls.held = new Promise((resolve) => (answer = resolve));
    const asked = [calls.batcher.submit('i-1')];
    for (const id of ['i-2', 'i-3', 'i-4']) {
      await new Promise(setImmediate);
      asked.push(calls.batcher.submit(id));
    }
    expect(calls.sent).toEqual([['i-1']]);
    answer();
    await Promise.all(asked);

    expect(calls.sent).toEqual([['i-1'], ['i-2', 'i-3', 'i-4']]);
    expect(calls.timers.pending).toBe(0);
  });

  it('it does not wait for an answer that takes long', async () => {
    const calls = new Calls();
    calls.tokens(10);
    calls.held = new Promise(() => undefined);
    void calls.batcher.submit('i-1');
    await new Promise(setImmediate);
    void calls.batcher.submit('i-2');
    await new Promise(setImmediate);
    calls.timers.advance(999);
    await new Promise(setImmediate);
    expect(calls.sent).toEqual([['i-1']]);
    calls.timers.advance(1);
    await new Promise(setImmediate);

    expect(calls.sent).toEqual([['i-1'], ['i-2']]);
  });
});

it('sends no more at once than one call takes; the same id twice counts once', async () => {
  const calls = new Calls(2);
  calls.tokens(2);

  expect(await calls.outcomes(['a', 'b', 'b', 'c'])).toEqual(['a done', 'b done', 'b done', 'c done']);
  expect(calls.sent).toEqual([['a', 'b'], ['c']]);
});

describe('a batch that AWS refuses', () => {
  it('because of an id that it names is sent again without it', async () => {
    const calls = new Calls();
    calls.tokens(100);
    calls.bad.set('i-7', 'wrong-state').set('i-40', 'not-found');

    const outcomes = await calls.outcomes(numbered(50));

    const expected = numbered(50).map((id) => calls.bad.get(id) ?? `${id} done`);
    expect(outcomes).toEqual(expected);
    expect(calls.sent.map(({ length }) => length)).toEqual([50, 49, 48]);
  });

  it.each([
    [1, 64, 13],
    [2, 64, 23],
    [64, 64, 127],
  ])(
    'because of %i ids of %i that it does not name is halved down to them: %i calls',
    async (k, n, count) => {
      const calls = new Calls(n);
      calls.names = false;
      calls.tokens(1_000);
      const ids = numbered(n);
      for (let index = 0; index < k; index += 1) calls.bad.set(`i-${(index * n) / k}`, 'rejected');

      expect(await calls.outcomes(ids)).toEqual(ids.map((id) => calls.bad.get(id) ?? `${id} done`));
      expect(calls.sent).toHaveLength(count);
    },
  );

  it.each<ComputeFailure>(['unclear', 'throttled', 'unreachable', 'credentials', 'later'])(
    'as %s is so for all, and not repeated',
    async (failure) => {
      const calls = new Calls();
      calls.tokens(10);
      calls.bad.set('i-1', failure);

      expect(await calls.outcomes(numbered(4))).toEqual([failure, failure, failure, failure]);
      expect(calls.sent).toHaveLength(1);
    },
  );
});

describe('a policy that forbids it', () => {
  const denied = (text: string) => {
    const sent: number[] = [];
    const cause = new Error(text);
    const send = (ids: readonly string[]) => {
      sent.push(ids.length);
      return Promise.reject(new ComputeError('rejected', 'UnauthorizedOperation', 'no', { cause }));
    };
    const batcher = new CallBatcher<string>({
      most: 50,
      ready: () => Promise.resolve(),
      longEnough: () => () => {},
      send,
    });
    return { sent, asked: Promise.allSettled(numbered(2).map((id) => batcher.submit(id))) };
  };

  it('to everybody is asked once', async () => {
    const { sent, asked } = denied('You are not authorized to perform this operation.');
    await asked;
    expect(sent).toEqual([2]);
  });

  it('for one instance is found', async () => {
    const { sent, asked } = denied(
      'not authorized to perform: x on resource: arn:aws:ec2:r:1:instance/i-0 as y',
    );
    await asked;
    expect(sent).toEqual([2, 1]);
  });
});
