/** Whether a text matches a pattern in which `*` stands for any characters and `?` for one; case counts. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return compileWildcard(pattern)(text);
}

/** The same for many texts. */
export function compileWildcard(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}
