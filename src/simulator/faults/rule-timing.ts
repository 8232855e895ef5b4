import { z } from 'zod';

const count = z.int().positive();
/** a Date in process, ISO 8601 in JSON */
const time = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))]);

/**
 * Members of every rule by which something goes wrong, whatever it is that does: how it is called, and when it
 * strikes. A rule with no end (`next`, `until`, `forSeconds`) holds until it is removed.
 */
export const RULE_TIMING = {
  /** for people, and for the end of all rules of that name */
  name: z.string().optional(),
  /** the next n calls that it strikes */
  next: count.optional(),
  /** every nth call that fits, the nth first */
  every: count.optional(),
  probability: z.number().min(0).max(1).optional(),
  /** fleet time */
  from: time.optional(),
  until: time.optional(),
  /** fleet seconds since it was added */
  forSeconds: z.number().positive().optional(),
  /** for probability, and whatever else the rule leaves to chance; by the number of the rule where left out */
  seed: z.int().optional(),
};

export type RuleTiming = z.output<z.ZodObject<typeof RULE_TIMING>>;

/** For `refine`: a rule has one end at most. */
export const ENDS_ONCE = [
  ({ until, forSeconds }: RuleTiming) => until === undefined || forSeconds === undefined,
  { message: 'Give until or forSeconds, not both.' },
] as const;
