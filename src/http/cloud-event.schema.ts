import { z } from 'zod';
import { storedTypeOf } from '../event-store';

/** An event in an answer: CloudEvents 1.0 in its JSON format. */
export const cloudEventView = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string().describe('Id of what it happened to'),
    time: z.string(),
    datacontenttype: z.string(),
    actor: z.string().describe('`user:…`, `api-key:…` or `system:…`'),
    reason: z.string().optional(),
    correlationid: z.string(),
    causationid: z.string().optional().describe('Id of the event or decision that led to it'),
    version: z.number().int().describe('Place in the history of its subject, from 1'),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('null: another version of the program wrote it, and this one cannot tell what may be shown'),
  })
  .meta({ id: 'CloudEvent' });

export const CLOUD_EVENT_EXAMPLE = {
  specversion: '1.0',
  id: '0f3f2b3c-9a2e-5e0b-8a55-8c1f0a3b6c7d',
  source: '/installations/9d3b1c8e-7a55-4f6e-9d0f-0e6a4f3f2b11',
  type: 'io.cml-fleet.worker.status-updated.v1',
  subject: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  time: '2027-01-15T08:03:11.000Z',
  datacontenttype: 'application/json',
  actor: 'system:telemetry',
  correlationid: '3b1c8e7a-55f6-4e9d-8f0e-6a4f3f2b119d',
  version: 4,
  data: { oldStatus: 'PENDING', newStatus: 'RUNNING', updatedAt: '2027-01-15T08:03:11.000Z' },
};

const eventType = z
  .string()
  .transform(storedTypeOf)
  .pipe(
    z.string().regex(/^[a-z-]+\.([a-z-]+|\*)$/, 'must be a type like worker.status-updated, or worker.*'),
  );

/** Types of events in a query, with commas, as stored types: a version that is named does not matter. */
export const eventTypes = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(eventType).max(50, 'name at most 50 types'))
  .optional()
  .describe(
    'One or more, with commas: `worker.status-updated`, `worker.*`, or as the events name it (of every version)',
  );
