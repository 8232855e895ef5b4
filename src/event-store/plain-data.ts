/**
 * A deep copy in the only form that is stored: null, booleans, finite numbers, strings, Dates, arrays and plain
 * objects. What a database would silently change is brought into its stored form here, since the hash of a commit is
 * made before it is written and checked after it was read: members that are undefined are left out (BSON would make
 * them null), unpaired surrogates become U+FFFD (as in UTF-8), and -0 becomes 0.
 * @param path where the value stands, for the error
 * @throws TypeError for everything else, a class instance above all: an instance may be a secret
 */
export function plainData<T>(value: T, path = ''): T {
  return copy(value, path) as T;
}

function copy(value: unknown, path: string): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return new Date(value);
  if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}/${index}`));
  if (isPlainObject(value)) return copyMembers(value, path);
  throw new TypeError(`not plain data: ${path || 'the value'}`);
}

function copyMembers(value: Readonly<Record<string, unknown>>, path: string): object {
  const members: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === undefined) continue;
    // a mere assignment would set the prototype
    if (name === '__proto__') Object.defineProperty(members, name, OWN);
    members[name] = copy(member, `${path}/${name}`);
  }
  return members;
}

const OWN = { value: null, writable: true, enumerable: true, configurable: true };

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // in jest, objects from outside the sandbox have another Object.prototype
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
