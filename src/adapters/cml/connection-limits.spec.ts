import { ConnectionLimits } from './connection-limits';

function limits(): ConnectionLimits {
  return new ConnectionLimits({ openingAtOnce: 2, doubtfulAtOnce: 1, kept: 2 });
}

/** Connections that open when told to. */
function opener() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const connect = (name: string) => () =>
    new Promise<void>((resolve) => {
      begun.push(name);
      ends.set(name, resolve);
    });
  return { begun, connect, end: (name: string) => ends.get(name)?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('opens so many connections at once, and the next when one is open', async () => {
  const [all, { begun, connect, end }] = [limits(), opener()];
  const opening = ['a', 'b', 'c'].map((name) => all.open(false, connect(name)));
  await turn();
  expect(begun).toEqual(['a', 'b']);

  end('b');
  await turn();
  expect(begun).toEqual(['a', 'b', 'c']);

  end('a');
  end('c');
  await Promise.all(opening);
});

it('lets nobody wait for those that did not answer the last time', async () => {
  const [all, { begun, connect, end }] = [limits(), opener()];
  const opening = ['gone-1', 'gone-2'].map((name) => all.open(true, connect(name)));
  opening.push(all.open(false, connect('well')));
  await turn();
  expect(begun).toEqual(['gone-1', 'well']);

  end('gone-1');
  await turn();
  for (const name of ['gone-2', 'well']) end(name);
  await Promise.all(opening);
});

it('goes on after a connection that could not be opened', async () => {
  const all = limits();
  const failing = () => Promise.reject(new Error('refused'));
  await expect(all.open(true, failing)).rejects.toThrow('refused');

  expect(await all.open(true, () => Promise.resolve('open'))).toBe('open');
});

it('lets so many servers keep a connection, and another one when one of them is given up', () => {
  const all = limits();
  expect([all.keep(), all.keep(), all.keep()]).toEqual([true, true, false]);

  all.unkeep();

  expect([all.keep(), all.keep()]).toEqual([true, false]);
});
