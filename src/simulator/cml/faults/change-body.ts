import { type BodyChange } from './cml-fault-rule';

/** A body with what the rules leave out, put in and replace; the one that is given stays as it is. */
export function changedBody(body: unknown, changes: readonly BodyChange[]): unknown {
  return changes.reduce((changed, { replace, omit = [], set = {} }) => {
    const next = replace === undefined ? structuredClone(changed) : replace;
    for (const path of omit) eachHolder(next, path.split('.'), leaveOut);
    for (const [path, value] of Object.entries(set)) {
      eachHolder(next, path.split('.'), (holder, key) => (holder[key] = value));
    }
    return next;
  }, body);
}

function leaveOut(holder: Record<string, unknown>, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** Calls for every object that a path leads to, with the last part of the path; objects on the way must be there. */
function eachHolder(
  value: unknown,
  [key = '', ...rest]: readonly string[],
  change: (holder: Record<string, unknown>, key: string) => unknown,
): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  // From the end, so that leaving out members of a list does not move those that are still to come.
  const keys = key === '*' ? Object.keys(holder).reverse() : [key];
  for (const each of keys) {
    if (rest.length > 0) eachHolder(holder[each], rest, change);
    else change(holder, each);
  }
}
