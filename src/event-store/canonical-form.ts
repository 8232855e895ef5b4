/**
 * Plain data as text, the same for each order in which a server returns the members of an object, and never the same
 * for two different values (-0 is 0): a text ends where its length says, a number or a time at its semicolon, a list
 * or an object at its bracket, and the first character of each tells them apart.
 *
 * `n` null, `t`, `f`, `1.5;` a number, `@<ms since 1970>;` a Date, `"<length>:<text>`, `[<items>]`, and
 * `{<name as text><value>…}` with the names in the order of their UTF-16 units. Anything else is `?`, which no plain
 * value has.
 */
export function canonicalForm(value: unknown): string {
  if (typeof value === 'string') return `"${value.length}:${value}`;
  if (typeof value === 'number') return `${value};`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value === null) return 'n';
  if (typeof value !== 'object') return '?';
  if (value instanceof Date) return `@${value.getTime()};`;
  let form = Array.isArray(value) ? '[' : '{';
  if (Array.isArray(value)) {
    for (const item of value) form += canonicalForm(item);
    return `${form}]`;
  }
  for (const name of sorted(Object.keys(value))) {
    form += `"${name.length}:${name}${canonicalForm((value as Record<string, unknown>)[name])}`;
  }
  return `${form}}`;
}

/** Insertion into place: faster than a general sort for the few names of an object, and no slower when in order. */
function sorted(names: string[]): string[] {
  if (names.length > 20) return names.sort();
  for (let end = 1; end < names.length; end += 1) {
    const name = names[end] as string;
    let place = end;
    for (; place > 0 && (names[place - 1] as string) > name; place -= 1)
      names[place] = names[place - 1] as string;
    names[place] = name;
  }
  return names;
}
