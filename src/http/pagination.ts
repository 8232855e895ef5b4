import { z } from 'zod';
import { InvalidInput } from '../kernel/domain-error';
import { wholeNumber } from './whole-number';

/** The query of each list; extend it with filters. It is strict: unknown parameters are refused. */
export const pageQuery = z.strictObject({
  // a default would not get into the document, because it is read from a text
  limit: wholeNumber(1, 200).prefault(50).describe('How many items at most'),
  cursor: z.string().max(2048).optional().describe('`nextCursor` of the page before'),
});

export interface Page<T> {
  readonly items: readonly T[];
  /** null on the last page */
  readonly nextCursor: string | null;
}

/** Schema of a page's answer; `id` names it in the OpenAPI document. */
export function pageOf<S extends z.ZodType>(item: S, id: string) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id });
}

/**
 * A page of `rows`, which were read up to limit + 1, so that the last page is known as such. `positionOf` is what the
 * next page begins after: values of the row that the list is ordered by, so that inserts do not move it.
 */
export function page<T>(rows: readonly T[], limit: number, positionOf: (last: T) => unknown): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(positionOf(last)) : null };
}

/** Opaque to clients: base64url of the position's JSON. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * The position that a cursor stands for; null without a cursor.
 * @throws InvalidInput for anything that `encodeCursor` did not make of such a position
 */
export function decodeCursor<T>(cursor: string | undefined, position: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  const parsed = position.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  const message = 'not a cursor of this list: take nextCursor of the page before, or leave it out';
  throw new InvalidInput([{ pointer: '/query/cursor', message }]);
}

/** Undefined for what is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
