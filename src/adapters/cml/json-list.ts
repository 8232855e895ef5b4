import { JSONParser } from '@streamparser/json';
import { unreadable } from './cml-errors';

const OPENING_BRACKET = 0x5b;
const WHITE_SPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];

/**
 * Reads a JSON list as it comes in and hands over its entries one by one, so that no more than one of them is in memory.
 * @throws CmlError `unreadable` where it is no list, or no complete JSON
 */
export async function readList(
  chunks: AsyncIterable<Buffer>,
  what: string,
  take: (entry: unknown) => void,
): Promise<void> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  parser.onValue = ({ value }) => take(value);
  let begun = false;
  for await (const chunk of chunks) {
    const first = begun ? undefined : chunk.find((byte) => !WHITE_SPACE.includes(byte));
    if (first !== undefined) {
      if (first !== OPENING_BRACKET) throw unreadable(`${what} is no list`);
      begun = true;
    }
    parse(parser, chunk);
  }
  if (!parser.isEnded) throw unreadable('it is no complete JSON');
}

function parse(parser: JSONParser, chunk: Buffer): void {
  try {
    parser.write(chunk);
  } catch {
    // The parser's message would quote the answer.
    throw unreadable('it is no JSON');
  }
}
