import { z } from 'zod';
import { answeredTime } from '../../http';
import { licenseFeature } from '../../telemetry';
import { LicenseStatus } from '../../workers';
import * as input from './license-input.schemas';

export const licenseBody = z
  .strictObject({
    token: input.licenseToken.optional().describe('Kept in the vault; never shown again'),
    poolId: z.uuid().optional().describe('Take a seat in this licence pool instead'),
    productLicense: input.productLicense.optional().describe('Left out: the pool’s, or as the server has it'),
    reregister: z.boolean().default(false).describe('Also where the server is registered already'),
    features: input.features.default([]).describe('Additional nodes. Left out: the pool’s'),
    smartServer: input.smartServer
      .nullable()
      .optional()
      .describe('An on-premises Smart Licensing server; null: Cisco’s own; left out: as it is'),
  })
  .refine((body) => (body.token === undefined) !== (body.poolId === undefined), {
    path: ['token'],
    message: 'give token or poolId, one of them',
  })
  .meta({
    id: 'LicenseWorker',
    example: { poolId: '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f', reregister: false },
  });

export const releaseQuery = z.strictObject({
  stopLabs: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Stop the labs where they are in the way'),
});

const text = z.string().nullable();
const time = answeredTime.nullable();

const wanted = z
  .object({
    source: z.enum(['token', 'pool']),
    poolId: z.uuid().nullable(),
    fingerprint: text.describe('Tells one token from another; null for a pool’s'),
    productLicense: text,
    features: z.array(z.object({ id: z.string(), count: z.number().int() })),
    reregister: z.boolean(),
  })
  .meta({ id: 'WantedLicense' });

export const licenseView = z
  .object({
    workerId: z.uuid(),
    licenseStatus: z.enum(LicenseStatus),
    desired: wanted.nullable().describe('Null where none is wanted'),
    requestedBy: text,
    requestedAt: time,
    operationId: z.uuid().nullable().describe('The operation that is at work on it'),
    failure: z
      .object({ code: z.string(), message: z.string(), at: answeredTime })
      .nullable()
      .describe('Why what was asked for last did not come true')
      .meta({ id: 'LicenseFailure' }),
    holding: z
      .enum(['none', 'maybe', 'ours', 'foreign'])
      .describe(
        'What Cisco counts for it: `maybe` while nobody knows, `foreign` where it was registered by hand',
      ),
    registeredWith: z
      .object({ poolId: z.uuid().nullable(), fingerprint: text, at: answeredTime })
      .nullable()
      .meta({ id: 'RegisteredWith' }),
    leftOver: z
      .object({ reason: z.string(), at: answeredTime })
      .nullable()
      .describe('What may be counted as in use at Cisco though the server does not have it any more')
      .meta({ id: 'LeftOverLicense' }),
    registration: text.describe('The server’s own word, as the following ones'),
    authorization: text,
    registrationExpires: time,
    authorizationExpires: time,
    serverFailure: text.describe('Why its latest registration or renewal failed, in its words'),
    smartAccount: text,
    virtualAccount: text,
    productLicense: text,
    smartServer: text,
    features: z.array(licenseFeature),
    readAt: time.describe('When the server said so; null: never'),
    ageSeconds: z.number().int().nullable(),
  })
  .meta({ id: 'WorkerLicense' });

export type LicenseView = z.input<typeof licenseView>;

export const LICENSE_EXAMPLE = {
  workerId: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  licenseStatus: 'REGISTERED',
  desired: {
    source: 'pool',
    poolId: '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f',
    fingerprint: null,
    productLicense: null,
    features: [],
    reregister: false,
  },
  requestedBy: 'api-key:5d1d4f0a-58a2-4a4b-9f0c-0d4b1c8c2f35',
  requestedAt: '2027-01-15T08:20:00.000Z',
  operationId: null,
  failure: null,
  holding: 'ours',
  registeredWith: {
    poolId: '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f',
    fingerprint: '9f2c41d07ab3',
    at: '2027-01-15T08:20:25.000Z',
  },
  leftOver: null,
  registration: 'COMPLETED',
  authorization: 'IN_COMPLIANCE',
  registrationExpires: '2028-01-15T08:20:20.000Z',
  authorizationExpires: '2027-04-15T08:20:20.000Z',
  serverFailure: null,
  smartAccount: 'Campus',
  virtualAccount: 'Networking',
  productLicense: 'CML_Enterprise',
  smartServer: null,
  features: [],
  readAt: '2027-01-15T08:30:00.000Z',
  ageSeconds: 90,
} as const;
