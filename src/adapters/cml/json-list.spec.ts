import { CmlError } from '../../telemetry';
import { readList } from './json-list';

async function* inPieces(text: string, bytes: number): AsyncGenerator<Buffer> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) {
    await Promise.resolve();
    yield all.subarray(at, at + bytes);
  }
}

async function entriesOf(text: string, bytes = 1): Promise<unknown[]> {
  const entries: unknown[] = [];
  await readList(inPieces(text, bytes), 'the list', (entry) => entries.push(entry));
  return entries;
}

const ENTRIES = [
  { category: 'start_lab', data: { title: 'Ö "q" \\ [x]', nested: [[1], { a: null }] } },
  7,
  'text',
  null,
  [],
  { __proto__: 1, deep: { deeper: { deepest: [true, 1.5e-3] } } },
];

it.each([1, 2, 3, 7, 64, 1024])(
  'reads entries in pieces of %i bytes as JSON.parse reads them',
  async (bytes) => {
    const text = ` \n${JSON.stringify(ENTRIES, null, 2)}\n`;

    expect(await entriesOf(text, bytes)).toEqual(JSON.parse(text));
  },
);

it('reads an empty list', async () => {
  expect(await entriesOf('[]')).toEqual([]);
});

it('hands over each entry before the next one has come', async () => {
  const seen: unknown[] = [];
  async function* slowly(): AsyncGenerator<Buffer> {
    yield Buffer.from('[1,{"a":2},');
    await Promise.resolve();
    seen.push('more');
    yield Buffer.from('3]');
  }

  await readList(slowly(), 'the list', (entry) => seen.push(entry));

  expect(seen).toEqual([1, { a: 2 }, 'more', 3]);
});

it.each([
  ['an object', '{"a":[1]}', 'the list is no list'],
  ['a text', '"[]"', 'the list is no list'],
  ['nothing', '', 'it is no complete JSON'],
  ['a part of a list', '[{"a":1},{"b"', 'it is no complete JSON'],
  ['something in between', '[1,secret]', 'it is no JSON'],
  ['something behind', '[1] secret', 'it is no JSON'],
])('refuses %s, and quotes none of it', async (_, text, what) => {
  for (const bytes of [1, 1024]) {
    const error: unknown = await entriesOf(text, bytes).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(CmlError);
    expect(error).toMatchObject({
      failure: 'unreadable',
      message: `The CML server's answer cannot be understood: ${what}.`,
    });
  }
});
