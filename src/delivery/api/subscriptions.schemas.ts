import { z } from 'zod';
import { answeredTime } from '../../http';

const subscription = z
  .object({
    name: z.string().describe('`read-model:…`, `process:…` or `webhook:…`'),
    position: z.number().int().describe('The last entry of the log that it has handled or put aside'),
    logEnd: z.number().int().describe('The last entry of the log'),
    lag: z.number().int().describe('How many entries it has still to handle'),
    owner: z.string().nullable().describe('The process that handles it now; null when nobody does'),
    attempts: z.number().int().describe('How often it failed as a whole since it last moved'),
    lastError: z.string().nullable(),
    parked: z
      .object({
        trying: z.number().int().describe('Streams that were put aside and are tried again by themselves'),
        waiting: z.number().int().describe('Streams that wait for a retry by a person'),
      })
      .meta({ id: 'ParkedCounts' }),
  })
  .meta({ id: 'Subscription' });

export const subscriptionList = z.object({ items: z.array(subscription) }).meta({ id: 'SubscriptionList' });

const parkedStream = z
  .object({
    stream: z.string(),
    fromVersion: z.number().int().describe('The first event that it could not handle'),
    attempts: z.number().int(),
    error: z.string(),
    failedAt: answeredTime,
    nextTryAt: answeredTime.nullable().describe('null: it waits for a retry by a person'),
  })
  .meta({ id: 'ParkedStream' });

export const parkedStreamList = z.object({ items: z.array(parkedStream) }).meta({ id: 'ParkedStreamList' });

export const retriedStreams = z
  .object({ streams: z.array(z.string()).describe('Those that are tried again, in a moment') })
  .meta({ id: 'RetriedStreams' });

const STREAM = 'worker-bf9205ed-4a3c-4d0e-9a51-6d3f1d1f2b11';

export const SUBSCRIPTIONS_EXAMPLE = {
  items: [
    {
      name: 'read-model:workers',
      position: 1207,
      logEnd: 1208,
      lag: 1,
      owner: 'fleet-1/17/0b9d2f60-4a3c-4d0e-9a51-6d3f1d1f2b11',
      attempts: 0,
      lastError: null,
      parked: { trying: 0, waiting: 1 },
    },
  ],
};
export const PARKED_EXAMPLE = {
  items: [
    {
      stream: STREAM,
      fromVersion: 12,
      attempts: 20,
      error: 'nobody registered worker.archived v1',
      failedAt: '2027-01-06T09:30:00.000Z',
      nextTryAt: null,
    },
  ],
};
export const RETRIED_EXAMPLE = { streams: [STREAM] };
