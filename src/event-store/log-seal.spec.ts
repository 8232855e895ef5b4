import { LogSeal } from './log-seal';

const KEY = { kid: 'k1', key: Buffer.alloc(32, 1) };
const OTHER = { kid: 'k2', key: Buffer.alloc(32, 2) };
const commits = ['a', 'b', 'c'].map((stream) => ({
  ...{ id: `book-${stream}:0000000001`, stream: `book-${stream}`, first: 1, hash: `k1:${stream}` },
}));

describe('LogSeal', () => {
  const seal = new LogSeal([KEY]);
  const [one, two, three] = seal.linesAfter(null, commits);
  if (!one || !two || !three) throw new Error('three lines');

  it('numbers lines from the last one on', () => {
    expect([one, two, three].map(({ position, commit }) => [position, commit])).toEqual([
      [1, 'book-a:0000000001'],
      [2, 'book-b:0000000001'],
      [3, 'book-c:0000000001'],
    ]);
    expect(seal.linesAfter(two, commits.slice(2))).toEqual([three]);
  });

  it('recognises what it sealed', () => {
    expect(seal.verify(one, 'k1:a', null)).toBe(true);
    expect(seal.verify(two, 'k1:b', one)).toBe(true);
    expect(new LogSeal([OTHER, KEY]).verify(two, 'k1:b', one)).toBe(true);
  });

  it.each([
    ['another commit in the line', () => seal.verify({ ...two, commit: 'book-z:1' }, 'k1:b', one)],
    ['another stream in the line', () => seal.verify({ ...two, stream: 'book-z' }, 'k1:b', one)],
    ['another position', () => seal.verify({ ...two, position: 3 }, 'k1:b', one)],
    ['another commit behind the line', () => seal.verify(two, 'k1:z', one)],
    ['a line that is missing before it', () => seal.verify(three, 'k1:c', one)],
    ['another line before it', () => seal.verify(two, 'k1:b', { ...one, hash: 'k1:z' })],
    ['a seal made with another key', () => new LogSeal([OTHER]).verify(one, 'k1:a', null)],
    [
      'a key of that name that is another',
      () => new LogSeal([{ ...OTHER, kid: 'k1' }]).verify(one, 'k1:a', null),
    ],
  ])('sees %s', (_what, verify) => {
    expect(verify()).toBe(false);
  });
});
