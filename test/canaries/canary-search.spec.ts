import { gzipSync } from 'node:zlib';
import { type Canary, formsOf } from './canary';
import { CanarySearch } from './canary-search';

const PASSWORD: Canary = { name: 'password', value: 'q7"xk2.m9/p4+t8ä%w3 zz1\\v6nb5' };
const KEY: Canary = {
  name: 'key',
  value: Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 89 + 200) % 256)),
};
const search = new CanarySearch([PASSWORD, KEY]);
const found = (text: string | Buffer) =>
  search.in(Buffer.from(text as string)).map(({ canary, form, offset }) => [canary, form, offset]);

it.each([...formsOf(PASSWORD), ...formsOf(KEY)])('finds a canary in the form: %s', (_, bytes) => {
  const text = Buffer.concat([Buffer.from('{"before": "'), bytes, Buffer.from('"}')]);
  expect(search.in(text)[0]).toMatchObject({ offset: 12 });
});

it.each([12, 13, 14])('finds it in what is encoded after %s other bytes', (before) => {
  const text = Buffer.concat([
    Buffer.alloc(before, 'x'),
    Buffer.from(PASSWORD.value as string),
    Buffer.from('!'),
  ]);
  expect(found(text.toString('base64')).map(([canary]) => canary)).toContain('password');
  expect(found(text.toString('base64url')).map(([canary]) => canary)).toContain('password');
});

it('finds twelve bytes of it, and names neither them nor more than the first place', () => {
  const piece = PASSWORD.value.slice(0, 12) as string;
  expect(found(`a ${piece} ${piece}`)).toEqual([['password', 'plain', 2]]);
  expect(found(piece.slice(1))).toEqual([]);
  expect(JSON.stringify(search.in(Buffer.from(piece)))).not.toContain(piece.slice(0, 5));
});

it('finds nothing in what is compressed, which is for the caller to unpack', () => {
  expect(found(gzipSync(PASSWORD.value as string))).toEqual([]);
});

it('takes no canary that ordinary text might hold', () => {
  expect(() => new CanarySearch([{ name: 'pin', value: 'password' }])).toThrow(
    'the canary "pin" has less than 24',
  );
});
