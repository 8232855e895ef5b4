import { z } from 'zod';
import { type Grant } from '../kernel/principal';
import { type Scope, type ScopeTag } from '../kernel/reach';

const MOST_REGIONS = 50;
const MOST_TAGS = 50;
const MOST_WORKERS = 200;

/** A list that is given must cover something. */
const covering = <T extends z.ZodType>(item: T, most: number) =>
  z
    .array(item)
    .min(1, 'would cover no worker: name at least one, or leave the list out')
    .max(most)
    .optional();

const scopeTag = z
  .string()
  .max(385)
  .regex(/^[^:]+:.*$/, 'must be key:value')
  .transform((pair): ScopeTag => {
    const colon = pair.indexOf(':');
    return { key: pair.slice(0, colon), value: pair.slice(colon + 1) };
  });

/** A part of the fleet, as people give it: something of a worker that must hold for each list. */
export const givenScope = z
  .strictObject({
    regions: covering(
      z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like us-east-1'),
      MOST_REGIONS,
    ),
    tags: covering(scopeTag, MOST_TAGS).describe('key:value; a worker with any of them'),
    workerIds: covering(z.uuid(), MOST_WORKERS),
  })
  .refine(
    (scope) => Object.values(scope).some((list) => list !== undefined),
    'is empty: name regions, tags or workerIds; for the whole fleet leave scope out',
  )
  .transform((scope): Scope => Object.fromEntries(Object.entries(scope).filter(([, list]) => list)))
  .describe('Workers that all lists which are given hold for, each by any of its entries');

/** A part of the fleet, as answers tell it; an empty list covers nothing. */
export const answeredScope = z
  .object({
    regions: z.array(z.string()).optional(),
    tags: z.array(z.string()).optional().describe('key:value'),
    workerIds: z.array(z.uuid()).optional(),
    labIds: z.array(z.string()).optional().describe('Of the labs on these workers, those only'),
  })
  .describe('Workers that all lists which are there hold for, each by any of its entries');

/** A scope as `answeredScope` has it. */
export function scopeView({ regions, tags, workerIds, labIds }: Scope): z.input<typeof answeredScope> {
  return {
    ...(regions && { regions: [...regions] }),
    ...(tags && { tags: tags.map(({ key, value }) => `${key}:${value}`) }),
    ...(workerIds && { workerIds: [...workerIds] }),
    ...(labIds && { labIds: [...labIds] }),
  };
}

/** A grant as answers tell it. */
export function grantView({ role, scope }: Grant) {
  return { role, scope: scope && scopeView(scope) };
}
