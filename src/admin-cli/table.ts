/** What a terminal would obey rather than show: control characters, and those that turn the direction of writing. */
const UNSHOWN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text as a terminal may get it: names and reasons are whatever somebody wrote. */
export function plain(text: string): string {
  return text.replace(UNSHOWN, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Not known. A value of its own, never 0 or no. */
export const UNKNOWN = '?';
/** There is none. */
export const NONE = '-';

/** Lines with columns as wide as their widest cell; the last one ends where it ends. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | boolean | null | undefined)[])[],
): string[] {
  const cells = [head, ...rows.map((row) => row.map((cell) => plain(String(cell ?? UNKNOWN))))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => length(row[column] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - length(cell))}`)
      .join('  ')
      .trimEnd(),
  );
}

/** One line for each pair: `name   value`. */
export function pairs(
  values: readonly (readonly [string, string | number | boolean | null | undefined])[],
): string[] {
  const width = Math.max(...values.map(([name]) => length(name)));
  return values.map(([name, value]) => `${name.padEnd(width)}  ${plain(String(value ?? UNKNOWN))}`);
}

function length(text: string): number {
  return [...text].length;
}
