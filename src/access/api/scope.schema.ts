import { z } from 'zod';
import { type Scope } from '../../kernel/reach';

const SEVERAL = 'each at most once';

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like us-east-1');
const tag = z
  .string()
  .max(385)
  .regex(/^[^:]+:.*$/, 'must be key:value');

/** A part of the fleet, as people give it. */
export const givenScope = z
  .strictObject({
    regions: listOf(region, 50).optional(),
    tags: listOf(tag, 50).optional().describe('key:value; a worker has any of them'),
    workerIds: listOf(z.uuid('not an id: ids are UUIDs'), 200).optional(),
  })
  .refine((scope) => Object.values(scope).some((list) => list !== undefined), 'names no part of the fleet')
  .transform(scopeOf)
  .describe('Each list that is given must hold for a worker');

/** The same in answers. */
export const shownScope = z.object({
  regions: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  workerIds: z.array(z.string()).optional(),
});

export function shownScopeOf({ regions, tags, workerIds }: Scope): z.input<typeof shownScope> {
  return {
    ...(regions && { regions: [...regions] }),
    ...(tags && { tags: tags.map(({ key, value }) => `${key}:${value}`) }),
    ...(workerIds && { workerIds: [...workerIds] }),
  };
}

interface GivenLists {
  readonly regions?: string[] | undefined;
  readonly tags?: string[] | undefined;
  readonly workerIds?: string[] | undefined;
}

function scopeOf({ regions, tags, workerIds }: GivenLists): Scope {
  const pairs = tags?.map((text) => {
    const [key = '', ...value] = text.split(':');
    return { key, value: value.join(':') };
  });
  return { ...(regions && { regions }), ...(pairs && { tags: pairs }), ...(workerIds && { workerIds }) };
}

function listOf<T extends z.ZodType<string, string>>(item: T, most: number) {
  return z
    .array(item)
    .min(1)
    .max(most)
    .refine((items) => new Set(items).size === items.length, SEVERAL);
}
