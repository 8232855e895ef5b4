import { z } from 'zod';
import { answeredTime, pageOf, pageQuery } from '../../http';
import { storedType, TYPE_PATTERN } from '../domain/event-selection';
import { type Webhook } from '../domain/webhook';

const url = z
  .string()
  .max(2048)
  .describe('https, without user name and password. It is never shown again: only its origin is');
const types = z
  .array(
    z
      .string()
      .max(100)
      .transform(storedType)
      .pipe(z.string().regex(TYPE_PATTERN, 'must be a type like worker.status-updated, or worker.*')),
  )
  .max(100)
  .describe('`worker.status-updated`, as the events name it, or `worker.*`; empty: all');
const workerIds = z
  .array(z.uuid('not an id: ids are UUIDs'))
  .max(200)
  .describe('Only events of these workers; empty: all events, also those that are about no worker');
const description = z.string().trim().max(200).describe('What it is for, for people');

export const newWebhook = z
  .strictObject({
    url,
    types: types.default([]),
    workerIds: workerIds.default([]),
    description: description.default(''),
  })
  .meta({ id: 'NewWebhook' });

export const changedWebhook = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    workerIds: workerIds.optional(),
    description: description.optional(),
    enabled: z.boolean().optional().describe('Enabling it again brings nothing that it missed meanwhile'),
  })
  .meta({ id: 'WebhookChanges' });

export const webhookListQuery = pageQuery;

const fields = {
  id: z.uuid(),
  version: z.number().int(),
  origin: z.string().describe('Of the URL; its path and query may be a password'),
  types: z.array(z.string()),
  workerIds: z.array(z.uuid()),
  description: z.string(),
  enabled: z.boolean(),
  disabled: z
    .object({ reason: z.string(), at: answeredTime })
    .nullable()
    .describe('Since when and why nothing is sent'),
  secretFingerprint: z.string().describe('By which to tell which secret it is'),
  previousSecretUntil: answeredTime.nullable().describe('Until then the secret before signs as well'),
  createdAt: answeredTime,
  createdBy: z.string(),
  updatedAt: answeredTime,
};

export const webhookView = z.object(fields).meta({ id: 'Webhook' });

export const webhookWithSecret = z
  .object({
    ...fields,
    secret: z
      .string()
      .optional()
      .describe('What receivers check signatures with. It is shown in this answer and never again'),
  })
  .meta({ id: 'WebhookWithSecret' });

export const webhookPage = pageOf(webhookView, 'WebhookPage');

/** What a cursor of the list stands for. */
export const webhookPlace = z.object({ createdAt: z.iso.datetime(), id: z.uuid() });

export function toView({ id, version, state }: Webhook): z.input<typeof webhookView> {
  const { disabled, previousUntil, types, workerIds, ...rest } = state;
  return {
    ...rest,
    id,
    version,
    types: [...types],
    workerIds: [...workerIds],
    disabled,
    enabled: !disabled,
    previousSecretUntil: previousUntil,
  };
}

export const webhookExample = {
  id: '5f0c1a52-93b1-5c0e-8f2e-0c6f2b7c1d11',
  version: 1,
  origin: 'https://hooks.example.com',
  types: ['worker.*'],
  workerIds: [],
  description: 'chat room of the network course',
  enabled: true,
  disabled: null,
  secretFingerprint: '3f9a0c1be27d',
  previousSecretUntil: null,
  createdAt: '2027-01-05T08:00:00.000Z',
  createdBy: 'api-key:7c9e6679-7425-40de-944b-e07fc1f90ae7',
  updatedAt: '2027-01-05T08:00:00.000Z',
};
export const webhookWithSecretExample = { ...webhookExample, secret: 'whsec_…' };
