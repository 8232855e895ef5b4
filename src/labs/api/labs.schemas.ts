import { z } from 'zod';
import { answeredTime, pageOf, pageQuery } from '../../http';

const oneOrMore = z
  .string()
  .max(2_000)
  .transform((text) => text.split(','))
  .optional();

const live = z
  .enum(['true', 'false'])
  .default('false')
  .transform((given) => given === 'true')
  .describe('Ask the CML server now, instead of what was observed last');

export const labsQuery = pageQuery.extend({
  state: oneOrMore.describe('One or more, with commas: DEFINED_ON_CORE, STOPPED, STARTED'),
  owner: oneOrMore.describe('User names, with commas'),
  live,
});

/** The list of a lab's changes has no filters. */
export const labHistoryQuery = pageQuery;

export const labQuery = z.strictObject({ live });

/** CML's ids are UUIDs, older ones six hexadecimal digits; it is part of a path on the server. */
export const labId = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'not an id of a lab: letters, digits, "_" and "-", 64 at most');

const text = z.string().nullable();
const time = answeredTime.nullable();

const labFields = {
  id: z.string(),
  title: text,
  owner: text.describe('User name on the CML server'),
  state: z.string().describe('STARTED: it runs; STOPPED; DEFINED_ON_CORE: never started, or wiped'),
  nodeCount: z.number().int().nullable(),
  createdAt: time.describe('By the server’s clock; only live answers have it'),
  modifiedAt: time.describe('By the server’s clock'),
};

const observedAt = answeredTime.describe('When the reading was begun');
const ageSeconds = z.number().int().describe('Since then');

export const labView = z.object({ ...labFields, observedAt, ageSeconds }).meta({ id: 'Lab' });

const labItem = z.object(labFields).meta({ id: 'LabItem' });

export const labPage = pageOf(labItem, 'LabPage')
  .extend({
    observedAt: observedAt
      .nullable()
      .describe('null: the labs were never read, and an empty list says nothing'),
    ageSeconds: ageSeconds.nullable(),
  })
  .meta({ id: 'LabPage' });

/** What a cursor of the list stands for. */
export const labPlace = z.object({ title: z.string(), id: z.string() });

export const labChangeView = z
  .object({
    id: z.uuid(),
    title: text,
    owner: text,
    from: text.describe('State before; null: it was not there, or nothing was read before'),
    to: text.describe('State since; null: it is gone'),
    since: time.describe('The last reading that showed it as it was before'),
    at: answeredTime.describe('The first reading that shows it as it is now'),
    by: text.describe('Who asked for it over this API; null: nobody did, or it is not known'),
  })
  .meta({ id: 'LabChange' });

export const labChangePage = pageOf(labChangeView, 'LabChangePage');

export const labChangePlace = z.object({
  at: z.iso.datetime().transform((given) => new Date(given)),
  id: z.uuid(),
});

export const labRequestBody = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).optional().describe('Stands in the audit trail'),
  })
  .default({})
  .meta({ id: 'LabRequest', example: { reason: 'the course is over' } });

const LAB_ITEM = {
  id: '90f84e38-a71c-4d57-8d90-00fa8a197385',
  title: 'OSPF basics',
  owner: 'alice',
  state: 'STARTED',
  nodeCount: 6,
  createdAt: null,
  modifiedAt: '2027-01-15T07:40:00.000Z',
} as const;
const READING = { observedAt: '2027-01-15T08:00:00.000Z', ageSeconds: 24 };

export const LAB_EXAMPLE = { ...LAB_ITEM, ...READING };
export const LAB_PAGE_EXAMPLE = { items: [LAB_ITEM], nextCursor: null, ...READING };
export const LAB_CHANGE_EXAMPLE = {
  id: '7c1e2d3f-4a5b-5c6d-8e9f-0a1b2c3d4e5f',
  title: 'OSPF basics',
  owner: 'alice',
  from: 'STOPPED',
  to: 'STARTED',
  since: '2027-01-15T07:59:00.000Z',
  at: '2027-01-15T08:00:00.000Z',
  by: 'api-key:5d1d4f0a-58a2-4a4b-9f0c-0d4b1c8c2f35',
} as const;
