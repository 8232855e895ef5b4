import { z } from 'zod';
import { answeredScope, answeredTime, givenScope, givenTime, pageOf, ROLES, scopeView } from '../../http';
import { type ApiKeyState } from '../domain/api-key';

export const newApiKey = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('What it is for, for people'),
    role: z.enum(ROLES),
    scope: givenScope
      .nullable()
      .default(null)
      .describe('null: the whole fleet; with the role user, what is assigned to the key'),
    expiresAt: givenTime.nullable().default(null).describe('null: it does not expire'),
  })
  .meta({ id: 'NewApiKey' });

/** A week, so that whoever uses a key finds a working day in it to take the new text. */
const MOST_OVERLAP = 7 * 24 * 60;

export const rotateApiKey = z
  .strictObject({
    overlapMinutes: z
      .int()
      .min(0)
      .max(MOST_OVERLAP)
      .default(0)
      .describe('How long the text before opens as well; 0 after a leak. At least 10 for the last admin key'),
  })
  .default({ overlapMinutes: 0 })
  .meta({ id: 'RotateApiKey', example: { overlapMinutes: 60 } });

const fields = {
  id: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  scope: answeredScope.nullable().describe('null: the whole fleet; of a user, what is assigned to the key'),
  prefix: z.string().describe('The first characters of the key, to recognise it by'),
  createdAt: answeredTime,
  createdBy: z.string(),
  expiresAt: answeredTime.nullable(),
  rotatedAt: answeredTime.nullable().describe('null: the key has its first text still'),
  overlapUntil: answeredTime
    .nullable()
    .describe('Until when the text before the present one opens as well; null: it does not'),
};

export const createdApiKey = z
  .object({
    ...fields,
    key: z.string().optional().describe('The key itself. It is shown in this answer and never again'),
  })
  .meta({ id: 'CreatedApiKey' });

const apiKey = z.object({ ...fields, lastUsedAt: answeredTime.nullable() }).meta({ id: 'ApiKey' });

export const apiKeyPage = pageOf(apiKey, 'ApiKeyPage');

/** What a cursor of the list stands for. */
export const keyPosition = z.object({ createdAt: z.iso.datetime(), id: z.uuid() });

/** A key as answers show it. `now`: machine time. */
export function toView({ id, state }: { readonly id: string; readonly state: ApiKeyState }, now: Date) {
  const { name, role, scope, prefix, createdAt, createdBy, expiresAt, rotatedAt, previous } = state;
  return {
    ...{ id, name, role, scope: scope && scopeView(scope), prefix },
    ...{ createdAt, createdBy, expiresAt, rotatedAt },
    overlapUntil: previous && previous.until > now ? previous.until : null,
  };
}

const example = {
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  name: 'ci pipeline',
  role: 'operator' as const,
  scope: { tags: ['course:routing'] },
  prefix: 'cmlf_Zk3v',
  createdAt: '2027-01-05T08:00:00.000Z',
  createdBy: 'api-key:0b9d2f60-4a3c-5d0e-9a51-6d3f1d1f2b11',
  expiresAt: '2028-01-05T08:00:00.000Z',
  rotatedAt: null,
  overlapUntil: null,
};

export const createdApiKeyExample = { ...example, key: 'cmlf_Zk3v…' };
export const apiKeyPageExample = {
  items: [{ ...example, lastUsedAt: '2027-01-06T09:30:00.000Z' }],
  nextCursor: null,
};
