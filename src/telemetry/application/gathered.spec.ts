import { StoreUnavailable } from '../../kernel/domain-error';
import { Gathered } from './gathered';

/** Work that takes until it is told to go on, round by round. */
function bench(most = 100) {
  const rounds: number[][] = [];
  const waiting: (() => void)[] = [];
  const failing = new Map<number, Error>();
  const gathered = new Gathered<number, string>(async (items) => {
    rounds.push([...items]);
    await new Promise<void>((goOn) => waiting.push(goOn));
    for (const item of items) if (failing.has(item)) throw failing.get(item) as Error;
    return items.map((item) => `did ${item}`);
  }, most);
  const goOn = async () => {
    waiting.shift()?.();
    await new Promise(setImmediate);
  };
  return { gathered, rounds, failing, goOn };
}

it('does the first at once, and what comes meanwhile together, each with its own result', async () => {
  const { gathered, rounds, goOn } = bench();
  const results = Promise.all([1, 2, 3].map((item) => gathered.submit(item)));
  expect(rounds).toEqual([[1]]);
  await goOn();
  expect(rounds).toEqual([[1], [2, 3]]);
  await goOn();
  expect(await results).toEqual(['did 1', 'did 2', 'did 3']);
});

it('takes so many into one round, and no more', async () => {
  const { gathered, rounds, goOn } = bench(2);
  const results = Promise.all([1, 2, 3, 4].map((item) => gathered.submit(item)));
  for (const _ of [1, 2, 3]) await goOn();
  expect(rounds).toEqual([[1], [2, 3], [4]]);
  expect(await results).toHaveLength(4);
});

it('fails for the one that is at fault, and does the others alone', async () => {
  const { gathered, rounds, failing, goOn } = bench();
  failing.set(3, new Error('three is odd'));
  const results = Promise.allSettled([1, 2, 3, 4].map((item) => gathered.submit(item)));
  for (const _ of [1, 2, 3, 4, 5]) await goOn();
  expect(rounds).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  expect((await results).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
});

it('fails for all where the store is away, and goes on afterwards', async () => {
  const { gathered, rounds, failing, goOn } = bench();
  failing.set(2, new StoreUnavailable('it is away'));
  const results = Promise.allSettled([1, 2, 3].map((item) => gathered.submit(item)));
  await goOn();
  await goOn();
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(rounds).toHaveLength(2);
  const after = gathered.submit(5);
  await goOn();
  expect(await after).toBe('did 5');
});
