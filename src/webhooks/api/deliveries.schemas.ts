import { z } from 'zod';
import { answeredTime, oneOrMoreOf, pageOf, pageQuery } from '../../http';
import { type Delivery, DELIVERY_STATES, KEPT_TRIES } from '../domain/delivery';

export const deliveriesQuery = pageQuery.extend({
  state: oneOrMoreOf(z.enum(DELIVERY_STATES)).describe(
    'One or more, with commas: `pending`, `delivered`, `failed`',
  ),
});

const deliveryTry = z
  .object({
    at: answeredTime,
    status: z.number().int().nullable().describe('HTTP status of the answer; null without one'),
    durationMs: z.number().int(),
    error: z.string().nullable().describe('null: it was delivered'),
  })
  .meta({ id: 'DeliveryTry' });

export const deliveryView = z
  .object({
    id: z.uuid().describe('The header `webhook-id` of each try'),
    webhookId: z.uuid(),
    eventId: z.string(),
    eventType: z.string(),
    subject: z.string().describe('What the event is about: the id of a worker, mostly'),
    state: z
      .enum(DELIVERY_STATES)
      .describe('`failed` is parked: it is sent again only when somebody asks for it'),
    createdAt: answeredTime,
    attempts: z.number().int().describe('Tries since it was made, or since somebody asked for it anew'),
    nextTryAt: answeredTime.nullable().describe('null: there is none to come'),
    deliveredAt: answeredTime.nullable(),
    tries: z.array(deliveryTry).describe(`The last ${KEPT_TRIES}, oldest first`),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryPage = pageOf(deliveryView, 'WebhookDeliveryPage');

/** What a cursor of the list stands for. */
export const deliveryPlace = z.object({
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.uuid(),
});

export const testResult = z
  .object({
    deliveryId: z.uuid(),
    delivered: z.boolean(),
    status: z.number().int().nullable(),
    durationMs: z.number().int().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookTestResult' });

export const replayResult = z
  .object({ count: z.number().int().describe('How many are sent again') })
  .meta({ id: 'WebhookReplay' });

export function toDeliveryView(delivery: Delivery): z.input<typeof deliveryView> {
  const { state, dueAt, createdAt } = delivery;
  const isDue = dueAt < createdAt;
  return {
    ...delivery,
    tries: [...delivery.tries],
    nextTryAt: state === 'pending' ? (isDue ? createdAt : dueAt) : null,
  };
}

export function toTestResult({ id, state, tries }: Delivery): z.input<typeof testResult> {
  const last = tries.at(-1);
  return {
    deliveryId: id,
    delivered: state === 'delivered',
    status: last?.status ?? null,
    durationMs: last?.durationMs ?? null,
    error: last ? last.error : 'it is not known yet: an earlier request with this Idempotency-Key sends it',
  };
}

export const deliveryExample = {
  id: '9b2d6f1c-5a3e-5f40-8d21-7e5f0a1b2c33',
  webhookId: '5f0c1a52-93b1-5c0e-8f2e-0c6f2b7c1d11',
  eventId: '0f3f2b3c-9a2e-5e0b-8a55-8c1f0a3b6c7d',
  eventType: 'io.cml-fleet.worker.status-updated.v1',
  subject: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  state: 'pending',
  createdAt: '2027-01-15T08:03:11.000Z',
  attempts: 1,
  nextTryAt: '2027-01-15T08:03:16.300Z',
  deliveredAt: null,
  tries: [{ at: '2027-01-15T08:03:11.100Z', status: 503, durationMs: 84, error: 'answered 503' }],
} as const;
export const testResultExample = {
  deliveryId: '9b2d6f1c-5a3e-5f40-8d21-7e5f0a1b2c33',
  delivered: true,
  status: 204,
  durationMs: 84,
  error: null,
};
