import { z } from 'zod';
import { answeredTime, pageOf } from '../../http';
import { type ComparedPool } from '../application/get-license-pool.query';
import { type LicensePool } from '../domain/license-pool';

const licenseStatus = z.enum(['UNREGISTERED', 'REGISTERED', 'EVALUATION', 'EXPIRED', 'INVALID']);

const fields = {
  id: z.uuid(),
  version: z.number().int().describe('Counts changes by people, not those of seats by the program; the ETag'),
  name: z.string(),
  tokenFingerprint: z
    .string()
    .describe('By which to tell which token it is; the token itself is never shown'),
  capacity: z.number().int(),
  inUse: z.number().int().describe('Seats that are taken'),
  stranded: z
    .number()
    .int()
    .describe('Seats whose licence could not be given back: they count until a person frees them'),
  free: z.number().int().describe('0 also where more are in use than the capacity says'),
  productLicense: z.string().nullable(),
  features: z.array(z.object({ id: z.string(), count: z.number().int() })),
  smartServer: z.string().nullable(),
  createdAt: answeredTime,
  createdBy: z.string(),
  updatedAt: answeredTime,
};

/** As it stands in lists and answers to changes. */
export const licensePoolSummary = z.object(fields).meta({ id: 'LicensePoolSummary' });

const seat = z
  .object({
    workerId: z.uuid(),
    workerName: z.string().nullable().describe('null: there is no such worker'),
    state: z
      .enum(['taken', 'stranded', 'leaked'])
      .describe('`leaked`: taken, though the worker is gone or has not been registered for an hour'),
    since: answeredTime,
    reason: z.string().nullable().describe('Why it is stranded'),
    strandedAt: answeredTime.nullable(),
    tokenFingerprint: z.string().describe('Of the token with which the worker was last to be registered'),
    licenseStatus: licenseStatus
      .nullable()
      .describe('What the server last said; null: there is no such worker'),
  })
  .meta({ id: 'LicenseSeat' });

const mismatch = z
  .object({
    workerId: z.uuid(),
    kind: z.enum(['registered-without-seat', 'leaked']),
    message: z.string().describe('What is so, and what to do'),
  })
  .meta({ id: 'LicensePoolMismatch', description: 'What the pool counts differs from what a server says' });

export const licensePoolView = z
  .object({ ...fields, seats: z.array(seat), mismatches: z.array(mismatch) })
  .meta({ id: 'LicensePool' });

export const licensePoolPage = pageOf(licensePoolSummary, 'LicensePoolPage');

/** What a cursor of the list stands for. */
export const licensePoolPlace = z.object({ name: z.string(), id: z.uuid() });

export type LicensePoolSummary = z.input<typeof licensePoolSummary>;

export function toSummary({ id, state }: LicensePool): LicensePoolSummary {
  const { name, capacity, seats, token, features, revision, productLicense, smartServer } = state;
  const stranded = seats.filter((it) => it.state === 'stranded').length;
  return {
    ...{ id, version: revision, name, tokenFingerprint: token.fingerprint, capacity },
    ...{ inUse: seats.length - stranded, stranded, free: Math.max(0, capacity - seats.length) },
    ...{ productLicense, features: [...features], smartServer },
    ...{ createdAt: state.createdAt, createdBy: state.createdBy, updatedAt: state.updatedAt },
  };
}

export function toView({ pool, compared }: ComparedPool): z.input<typeof licensePoolView> {
  return {
    ...toSummary(pool),
    seats: compared.seats.map(({ stranded, token, ...rest }) => ({
      ...rest,
      reason: stranded?.reason ?? null,
      strandedAt: stranded?.at ?? null,
      tokenFingerprint: token.fingerprint,
    })),
    mismatches: [...compared.mismatches],
  };
}

export const SUMMARY_EXAMPLE = {
  id: '8d0f6c1e-4a51-5b7c-9f5e-2c9b7a6d5e4f',
  version: 2,
  name: 'campus',
  tokenFingerprint: '5d41402abc4b',
  ...{ capacity: 20, inUse: 2, stranded: 0, free: 18 },
  productLicense: 'CML_Enterprise',
  features: [
    { id: 'regid.2019-10.com.cisco.CML_NODE_COUNT,1.0_2607650b-6ca8-46d5-81e5-e6688b7383c4', count: 100 },
  ],
  smartServer: null,
  createdAt: '2027-01-05T08:00:00.000Z',
  createdBy: 'api-key:7c9e6679-7425-40de-944b-e07fc1f90ae7',
  updatedAt: '2027-01-07T10:30:00.000Z',
};
export const POOL_EXAMPLE = {
  ...SUMMARY_EXAMPLE,
  seats: [
    {
      ...{ workerId: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11', workerName: 'routing-course', state: 'taken' },
      ...{ since: '2027-01-15T08:10:00.000Z', reason: null, strandedAt: null },
      ...{ tokenFingerprint: '5d41402abc4b', licenseStatus: 'REGISTERED' },
    },
    {
      ...{
        workerId: '0d9f1a2b-7c3e-4f5a-8b6c-1e2d3c4b5a69',
        workerName: 'switching-course',
        state: 'leaked',
      },
      ...{ since: '2027-01-15T08:12:00.000Z', reason: null, strandedAt: null },
      ...{ tokenFingerprint: '5d41402abc4b', licenseStatus: 'UNREGISTERED' },
    },
  ],
  mismatches: [
    {
      workerId: '0d9f1a2b-7c3e-4f5a-8b6c-1e2d3c4b5a69',
      kind: 'leaked',
      message:
        'Its server says UNREGISTERED since 2027-01-15T08:12:00.000Z at the latest: give the licence back (DELETE ' +
        '/api/v1/workers/0d9f1a2b-7c3e-4f5a-8b6c-1e2d3c4b5a69/license), or license it again.',
    },
  ],
};
