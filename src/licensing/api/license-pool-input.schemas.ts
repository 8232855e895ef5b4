import { z } from 'zod';
import * as input from './license-input.schemas';

const name = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u, 'must be 1 to 63 letters, digits, spaces, ".", "_" or "-"')
  .refine((text) => !z.uuid().safeParse(text).success, 'must not look like an id');
const token = input.licenseToken.describe(
  'The registration token of Cisco Smart Software Manager. It is kept encrypted and never shown: only its fingerprint is',
);
const capacity = z
  .int()
  .min(1)
  .max(10_000)
  .describe('How many workers may be registered at once: what was bought');
const productLicense = input.productLicense
  .nullable()
  .describe('`CML_Enterprise`, …; null: as the server has it');
const features = input.features.describe('Additional nodes for each worker, by the id of the feature');
const smartServer = input.smartServer
  .nullable()
  .describe("An on-premises Smart Licensing server; null: Cisco's own");

export const newLicensePool = z
  .strictObject({
    ...{ name, token, capacity },
    productLicense: productLicense.default(null),
    features: features.default([]),
    smartServer: smartServer.default(null),
  })
  .meta({ id: 'NewLicensePool' });

export const changedLicensePool = z
  .strictObject({ name, token, capacity, productLicense, features, smartServer })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'name at least one field to change')
  .meta({ id: 'LicensePoolChanges', minProperties: 1 });

export const deletionQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Also while seats are taken or stranded: nobody counts them any more'),
});

export const freedSeat = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).describe('How you know that Cisco does not count it any more'),
  })
  .meta({ id: 'FreedLicenseSeat' });
