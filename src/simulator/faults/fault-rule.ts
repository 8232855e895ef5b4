import { z } from 'zod';
import { knownError } from './known-errors';
import { ENDS_ONCE, RULE_TIMING } from './rule-timing';

const share = z.number().min(0).max(1);
const names = z.array(z.string().min(1)).min(1);

const EFFECTS = [
  ...['error', 'cut', 'latencyMs', 'clockSkewSeconds', 'dropShare', 'dropIds', 'duplicateShare'],
  ...['duplicateIds', 'shuffle', 'lagSeconds', 'hideYoungerThanSeconds', 'bootFails', 'partialData'],
] as const;

/**
 * What goes wrong with AWS, with which calls, and when. Conditions that are left out hold for every call. One rule may
 * have several effects.
 */
export const faultRule = z
  .strictObject({
    ...RULE_TIMING,

    // which calls
    /** `RunInstances`; also of STS and CloudWatch, and `*` as in `Describe*` */
    actions: names.optional(),
    region: z.string().optional(),
    /** Calls that name one of them; for what a listing shows: these alone are dropped, stale or hidden. */
    instanceIds: names.optional(),
    /** the same by a tag of the instance, or of the launch; without a value: any */
    tag: z.strictObject({ key: z.string(), value: z.string().optional() }).optional(),
    /** of the instance, or of the launch; so too the next two */
    instanceTypes: names.optional(),
    subnetIds: names.optional(),
    availabilityZones: names.optional(),

    // what happens
    error: z.string().optional(),
    /** for an error code that is not in the table, or to say it otherwise */
    httpStatus: z.int().min(400).max(599).optional(),
    message: z.string().optional(),
    /** `before-answer`: the caller hears nothing; `mid-answer`: half of the body */
    cut: z.enum(['before-answer', 'mid-answer']).optional(),
    /** true: with an error or a cut the call takes effect all the same */
    applied: z.boolean().optional(),
    /** machine milliseconds by which the answer comes late; the call takes effect on its arrival */
    latencyMs: z.number().positive().optional(),
    /** how far AWS' own clock is ahead of the machine's; negative: behind */
    clockSkewSeconds: z.number().optional(),
    /** share of the items that a Describe call leaves out, though its last page says that it is the last */
    dropShare: share.optional(),
    dropIds: names.optional(),
    duplicateShare: share.optional(),
    duplicateIds: names.optional(),
    /** the items of a page come in any order */
    shuffle: z.literal(true).optional(),
    /** how much older than usual the state is that reads show, in fleet seconds */
    lagSeconds: z.number().positive().optional(),
    /** reads and changes do not find what was launched less than this many fleet seconds ago */
    hideYoungerThanSeconds: z.number().positive().optional(),
    /** the boots that RunInstances or StartInstances begin end with this StateReason code */
    bootFails: z.string().optional(),
    /** GetMetricData answers the first half, as PartialData, and the rest with its NextToken */
    partialData: z.literal(true).optional(),
  })
  .refine((rule) => EFFECTS.some((effect) => rule[effect] !== undefined), {
    message: `A fault needs an effect: one of ${EFFECTS.join(', ')}.`,
  })
  .refine(({ error, httpStatus }) => error === undefined || httpStatus !== undefined || knownError(error), {
    path: ['error'],
    message: 'This error code is not in the table of known ones: give its httpStatus too.',
  })
  .refine(...ENDS_ONCE);

export type FaultRule = z.output<typeof faultRule>;
/** The same with times as ISO texts or Dates. */
export type FaultRuleInput = z.input<typeof faultRule>;
