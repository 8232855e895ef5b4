import { z } from 'zod';
import { CLOUD_EVENT_EXAMPLE, cloudEventView, eventTypes, givenTime, pageOf, pageQuery } from '../../http';

const workerIds = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.uuid('not an id: ids are UUIDs')).max(50, 'name at most 50 workers'))
  .optional()
  .describe('Of these workers only; with commas');

const exactly = z.string().min(1).max(200).optional();

export const eventsQuery = pageQuery.extend({
  types: eventTypes,
  workerIds,
  actor: exactly.describe('Done by: `user:…`, `api-key:…` or `system:…`'),
  correlationId: exactly.describe('Done for the request with this X-Correlation-Id'),
  from: givenTime.optional(),
  to: givenTime.optional(),
  order: z.enum(['asc', 'desc']).default('asc').describe('`desc`: the newest first'),
});

export const streamQuery = z.strictObject({
  types: eventTypes,
  workerIds,
  after: z
    .string()
    .max(64)
    .optional()
    .describe('As Last-Event-ID, for clients that cannot set it; 0 is the beginning of everything'),
});

export const eventPage = pageOf(cloudEventView, 'EventPage');
export const EVENT_PAGE_EXAMPLE = { items: [CLOUD_EVENT_EXAMPLE], nextCursor: null };

export const STREAM_EXAMPLE = `retry: 3000
id: 4710

id: 4711.0
event: ${CLOUD_EVENT_EXAMPLE.type}
data: ${JSON.stringify(CLOUD_EVENT_EXAMPLE)}

: still here
id: 4713

`;
