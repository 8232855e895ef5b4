import { type Plain } from './policy-details';

/** One value that differs between two versions; undefined where it is not there. */
export interface ValueChange {
  /** JSON pointer, `/values/idleThresholdMinutes` */
  readonly pointer: string;
  readonly before: Plain | undefined;
  readonly after: Plain | undefined;
}

/** What differs between two values, as far down as both are objects; lists are compared as wholes. By pointer. */
export function changesBetween(
  before: Plain | undefined,
  after: Plain | undefined,
  pointer = '',
): ValueChange[] {
  if (!isObject(before) || !isObject(after)) {
    return isSame(before, after) ? [] : [{ pointer, before, after }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) =>
    changesBetween(memberOf(before, name), memberOf(after, name), `${pointer}/${escaped(name)}`),
  );
}

function isSame(a: Plain | undefined, b: Plain | undefined): boolean {
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (isObject(a) && isObject(b)) return changesBetween(a, b).length === 0;
  return a === b;
}

function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

function isObject(value: Plain | undefined): value is Readonly<Record<string, Plain>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

function memberOf(object: Readonly<Record<string, Plain>>, name: string): Plain | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** RFC 6901 */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
