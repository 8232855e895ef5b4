import { z } from 'zod';
import { ENDS_ONCE, RULE_TIMING } from '../../faults/rule-timing';
import { NGINX_STATUSES } from '../nginx-page';

const names = z.array(z.string().min(1)).min(1);
/** members by dots, `*` for every one of an object or a list: `features.*.status` */
const memberPath = z.string().regex(/^[^.]+([.][^.]+)*$/);

/** How a good answer differs from what the server would say. */
const bodyChange = z.strictObject({
  /** this instead of the whole, as JSON */
  replace: z.unknown().optional(),
  /** the same as it is: broken JSON, HTML */
  text: z.string().optional(),
  /** members that are left out */
  omit: z.array(memberPath).optional(),
  /** members that have another value, or are there though CML knows none such; null: they are null */
  set: z.record(memberPath, z.unknown()).optional(),
});

const EFFECTS = ['status', 'hang', 'cut', 'latencyMs', 'body', 'headers'] as const;

/**
 * What goes wrong with requests to CML servers, with which, and when. Conditions that are left out hold for every
 * request that reaches a machine which listens. One rule may have several effects.
 */
export const cmlFaultRule = z
  .strictObject({
    ...RULE_TIMING,

    // which requests
    instanceIds: names.optional(),
    /** `Name` tags, with `*` and `?` */
    names: names.optional(),
    methods: z.array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])).optional(),
    /** below /api/v0 and without the query: `/labs`, `/labs/*` */
    paths: names.optional(),

    // what happens
    /** answered instead; from 200 to 399: the request is done, and only the status differs */
    status: z.int().min(200).max(599).optional(),
    /** nginx' page for the status instead of CML's JSON */
    html: z.literal(true).optional(),
    /** CML's words for an error status */
    description: z.string().optional(),
    /** the connection stays open and silent: from the request on, or after half of the body */
    hang: z.enum(['before-answer', 'mid-body']).optional(),
    /** the connection ends: without an answer, or after half of the body */
    cut: z.enum(['before-answer', 'mid-answer']).optional(),
    /** true: the request is done all the same; so it is anyhow where half of a good answer comes */
    applied: z.boolean().optional(),
    /** machine milliseconds by which the answer is late; the request is done on its arrival */
    latencyMs: z.number().positive().optional(),
    body: bodyChange.optional(),
    /** added to the answer: `retry-after` */
    headers: z.record(z.string(), z.string()).optional(),
  })
  .refine((rule) => EFFECTS.some((effect) => rule[effect] !== undefined), {
    message: `A fault needs an effect: one of ${EFFECTS.join(', ')}.`,
  })
  .refine(({ status, hang, cut }) => [status, hang, cut].filter((given) => given !== undefined).length <= 1, {
    message: 'Give one of status, hang and cut.',
  })
  .refine(({ html, status }) => !html || (status !== undefined && NGINX_STATUSES.includes(status)), {
    path: ['html'],
    message: `nginx has pages for the status ${NGINX_STATUSES.join(', ')}.`,
  })
  .refine(...ENDS_ONCE);

export type BodyChange = z.output<typeof bodyChange>;
export type CmlFaultRule = z.output<typeof cmlFaultRule>;
/** The same with times as ISO texts or Dates. */
export type CmlFaultRuleInput = z.input<typeof cmlFaultRule>;
