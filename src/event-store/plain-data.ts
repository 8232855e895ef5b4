/**
 * A deep copy in the only form that is stored: null, booleans, finite numbers, strings, Dates, arrays and plain
 * objects. What a database would silently change is brought into its stored form here, since the hash of a commit is
 * made before it is written and checked after it was read: members that are undefined are left out (BSON would make
 * them null) and unpaired surrogates become U+FFFD (as in UTF-8).
 * @throws TypeError for everything else, a class instance above all: an instance may be a secret
 */
export function plainData<T>(value: T, path = ''): T {
  return copy(value, path) as T;
}

function copy(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return Buffer.from(value).toString();
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return new Date(value);
  if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}/${index}`));
  if (isPlainObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [key, copy(member, `${path}/${key}`)]));
  }
  throw new TypeError(`not plain data: ${path || 'the value'}`);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // in jest, objects from outside the sandbox have another Object.prototype
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
