import { z } from 'zod';
import { answeredTime, givenTime, pageOf, ROLES } from '../../http';

export const newApiKey = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('What it is for, for people'),
    role: z.enum(ROLES),
    expiresAt: givenTime.nullable().default(null).describe('null: it does not expire'),
  })
  .meta({ id: 'NewApiKey' });

const fields = {
  id: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  prefix: z.string().describe('The first characters of the key, to recognise it by'),
  createdAt: answeredTime,
  createdBy: z.string(),
  expiresAt: answeredTime.nullable(),
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

const example = {
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  name: 'ci pipeline',
  role: 'operator',
  prefix: 'cmlf_Zk3v',
  createdAt: '2027-01-05T08:00:00.000Z',
  createdBy: 'api-key:0b9d2f60-4a3c-5d0e-9a51-6d3f1d1f2b11',
  expiresAt: '2028-01-05T08:00:00.000Z',
};

export const createdApiKeyExample = { ...example, key: 'cmlf_Zk3v…' };
export const apiKeyPageExample = {
  items: [{ ...example, lastUsedAt: '2027-01-06T09:30:00.000Z' }],
  nextCursor: null,
};
