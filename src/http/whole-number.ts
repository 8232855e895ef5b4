import { z } from 'zod';

/**
 * A whole number in a path or a query, in decimal digits. `z.coerce` by itself would take an empty text for 0, and more that
 * nobody means for a number.
 */
export function wholeNumber(min: number, max: number) {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given),
    z.number('must be a whole number').int().min(min).max(max),
  );
}
