/** Index of the first item whose key is above a time; the number of items when there is none. */
export function indexAfter<T>(items: readonly T[], time: number, keyOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(items[middle]!) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
