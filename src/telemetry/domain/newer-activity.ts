import { type ActivityValues } from './observation';

/**
 * Whether something newer was found than was known before. Times of the server are compared with one another only: its
 * clock may be behind ours by any time. What the first reading finds is not known to be new.
 */
export function isNewer(known: Date | null, found: Date | null): boolean {
  return found !== null && (known === null || found > known);
}

/** The values with `newestFoundAt` and `firstReadAt`. `readAt`: fleet time at which their reading was begun. */
export function withFoundAt(
  before: ActivityValues | null,
  values: ActivityValues,
  readAt: Date,
): ActivityValues {
  const found = before !== null && isNewer(before.newestActivityAt, values.newestActivityAt);
  return {
    ...values,
    newestFoundAt: found ? readAt : (before?.newestFoundAt ?? null),
    firstReadAt: before ? (before.firstReadAt ?? null) : readAt,
  };
}
