import { type OpenTime } from './occurrences';
import { piecesOf } from './spans';

it('cuts windows that lie over each other looking at each a few times only, however many are open at once', () => {
  let looks = 0;
  const windows = Array.from({ length: 2_000 }, (_, index): OpenTime => {
    const ends = 10_000 + index;
    return {
      ...{ name: `w-${index}`, at: index, local: index, end: ends },
      get end() {
        looks += 1;
        return ends;
      },
    };
  });
  const pieces = piecesOf(windows);
  expect(pieces[0]).toEqual({ from: 0, to: 1, name: 'w-0', until: 11_999 });
  expect(pieces.at(-1)).toEqual({ from: 11_998, to: 11_999, name: 'w-1999', until: 11_999 });
  expect(looks).toBeLessThan(10 * windows.length);
});
