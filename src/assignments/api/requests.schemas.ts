import { z } from 'zod';
import { answeredTime, oneOrMoreOf, pageOf, pageQuery } from '../../http';
import { type ShownRequest } from '../application/list-requests.query';
import { REQUEST_STATES } from '../domain/worker-request-state';
import { labId, reason, userId } from './assignments.schemas';

const MOST_TAGS = 10;

const wantedTag = z
  .string()
  .max(400)
  .regex(/^[^:]+:.*$/, 'must be key:value');

export const newRequest = z
  .strictObject({
    tags: z
      .array(wantedTag)
      .max(MOST_TAGS)
      .default([])
      .describe('`key:value`; all that the worker must carry, besides those of every worker that is given'),
    hours: z
      .number()
      .int()
      .min(1)
      .max(720)
      .describe('For how long, from when it is granted; FLEET_REQUEST_MAX_HOURS at most'),
    labId: labId.nullable().default(null).describe('A worker on which this lab was seen, for this lab only'),
    reason,
  })
  .meta({
    id: 'NewWorkerRequest',
    example: { tags: ['course:routing'], hours: 4, reason: 'lab exercise 3' },
  });

export const requestsQuery = pageQuery.extend({
  userId: userId.optional(),
  state: oneOrMoreOf(z.enum(REQUEST_STATES)).describe(
    `One or more, with commas: ${REQUEST_STATES.join(', ')}`,
  ),
});

export const requestView = z
  .object({
    id: z.uuid(),
    userId: z.string(),
    state: z.enum(REQUEST_STATES),
    message: z.string().describe('What it waits for, or what came of it'),
    position: z
      .number()
      .int()
      .nullable()
      .describe('Its place among those that wait for room; null: it does not wait for room'),
    tags: z.array(z.string()),
    hours: z.number().int(),
    labId: z.string().nullable(),
    reason: z.string().nullable(),
    requestedAt: answeredTime,
    deadline: answeredTime.describe('When it fails unless it is granted before'),
    workerId: z.uuid().nullable().describe('The worker that was chosen; yours once the state is `ready`'),
    assignmentId: z.uuid().nullable(),
    readyAt: answeredTime.nullable(),
    until: answeredTime.nullable().describe('Until when the worker is yours'),
    failure: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ id: 'WorkerRequestFailure' }),
    endedAt: answeredTime.nullable(),
    updatedAt: answeredTime,
  })
  .meta({ id: 'WorkerRequest' });

export const requestPage = pageOf(requestView, 'WorkerRequestPage');

/** What a cursor of the list stands for. */
export const requestPlace = z.object({
  requestedAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.uuid(),
});

export type RequestView = z.input<typeof requestView>;

export function wantedTagOf(text: string): { key: string; value: string } {
  const colon = text.indexOf(':');
  return { key: text.slice(0, colon), value: text.slice(colon + 1) };
}

export function toRequestView({ request, position }: ShownRequest): RequestView {
  const { chosenAt: _chosenAt, tags, ...shown } = request;
  return { ...shown, tags: tags.map(({ key, value }) => `${key}:${value}`), position };
}

export const REQUEST_EXAMPLE = {
  id: '7f0e2a10-94a5-5a0b-8c5b-2d9f6a1b3c4d',
  userId: 'user:ann',
  state: 'starting',
  message:
    'The worker "lab-07" is PENDING, CML on it UNAVAILABLE. The instance is starting. Bare metal takes 10 to 20 minutes.',
  position: null,
  tags: ['course:routing'],
  hours: 4,
  labId: null,
  reason: 'lab exercise 3',
  requestedAt: '2027-01-15T08:00:00.000Z',
  deadline: '2027-01-15T09:00:00.000Z',
  workerId: '5b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  assignmentId: null,
  readyAt: null,
  until: null,
  failure: null,
  endedAt: null,
  updatedAt: '2027-01-15T08:00:05.000Z',
} as const;
