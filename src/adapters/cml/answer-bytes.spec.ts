import { capped, MEBIBYTE, textOf } from './answer-bytes';

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(await Promise.resolve(text));
}

const TOO_LARGE = { failure: 'unreadable', message: 'The answer is larger than the 1 MiB that are read.' };

it('are read up to the limit, whatever the answer claims', async () => {
  const whole = 'x'.repeat(MEBIBYTE - 1);

  expect(await textOf(capped(pieces(whole, 'y'), 0, MEBIBYTE))).toBe(`${whole}y`);
  expect(await textOf(capped(pieces('ä', 'ö'), 4, MEBIBYTE))).toBe('äö');
  await expect(textOf(capped(pieces(whole, 'yz'), 7, MEBIBYTE))).rejects.toMatchObject(TOO_LARGE);
});

it('are not read at all where the answer claims more', async () => {
  let read = false;
  async function* unread(): AsyncGenerator<Buffer> {
    read = true;
    yield Buffer.from(await Promise.resolve('x'));
  }

  await expect(textOf(capped(unread(), MEBIBYTE + 1, MEBIBYTE))).rejects.toMatchObject(TOO_LARGE);
  expect(read).toBe(false);
});
