import { z } from 'zod';

/** A time in an answer: a Date that leaves as RFC 3339 in UTC with milliseconds. */
export const answeredTime = z
  .date()
  .transform((time) => time.toISOString())
  .pipe(z.iso.datetime())
  .describe('RFC 3339, UTC');

/** A time in a body or a query: RFC 3339 with `Z` or an offset, that arrives as a Date. */
export const givenTime = z.iso
  .datetime({ offset: true, error: 'not a time: write it as 2027-01-31T18:00:00Z' })
  .transform((text) => new Date(text));

/** The id of a resource in the path. */
export const pathId = z.uuid('not an id: ids are UUIDs');
