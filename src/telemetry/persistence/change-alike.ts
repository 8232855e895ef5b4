import { type Model } from 'mongoose';
import { answered } from '../../event-store';

/** Ids in one statement. */
const AT_ONCE = 2_500;

/** So few are not worth a statement of their own kind. */
const FEW = 10;

/** Puts pairs together that have the same key. */
export function grouped<P>(pairs: readonly P[], keyOf: (pair: P) => string): P[][] {
  const groups = new Map<string, P[]>();
  for (const pair of pairs) {
    const key = keyOf(pair);
    const group = groups.get(key);
    if (group) group.push(pair);
    else groups.set(key, [pair]);
  }
  return [...groups.values()];
}

/**
 * Changes each document by one statement for all, where `field` still holds what was read: its time is the version of
 * the document. Answers false where that was not so for all of them, or they are too few: they are to be stored one by
 * one, which is right for those, too, that are changed by now.
 */
export async function changeAlike<D>(
  model: Model<D>,
  field: keyof D & string,
  ids: readonly string[],
  { expected, update }: { readonly expected: Date; readonly update: object },
): Promise<boolean> {
  if (ids.length <= FEW) return false;
  let matched = 0;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const filter = { _id: { $in: ids.slice(from, from + AT_ONCE) }, [field]: expected };
    // the driver's types know nothing of a generic document
    const result = await answered(() => model.collection.updateMany(filter as never, update));
    matched += result.matchedCount;
  }
  return matched === ids.length;
}
