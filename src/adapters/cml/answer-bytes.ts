import { CmlError } from '../../telemetry';

export const MEBIBYTE = 1024 * 1024;

/**
 * The bytes of an answer, up to a limit.
 * @param declared the length that the answer claims to have; 0: it does not say
 * @throws CmlError `unreadable` before anything is read where it claims more, else as soon as there is more
 */
export async function* capped(
  chunks: AsyncIterable<Buffer>,
  declared: number,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let size = declared;
  if (size <= maxBytes) {
    size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBytes) break;
      yield chunk;
    }
  }
  if (size > maxBytes) {
    throw new CmlError(
      'unreadable',
      `The answer is larger than the ${maxBytes / MEBIBYTE} MiB that are read.`,
    );
  }
}

export async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}
