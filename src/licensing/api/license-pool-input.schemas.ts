import { z } from 'zod';
import { Secret } from '../../kernel/secret';

const name = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u, 'must be 1 to 63 letters, digits, spaces, ".", "_" or "-"')
  .refine((text) => !z.uuid().safeParse(text).success, 'must not look like an id');
const token = z
  .string()
  .trim()
  .min(1)
  .max(4096)
  .transform((text) => new Secret(text))
  .describe(
    'The registration token of Cisco Smart Software Manager. It is kept encrypted and never shown: only its fingerprint is',
  );
const capacity = z
  .int()
  .min(1)
  .max(10_000)
  .describe('How many workers may be registered at once: what was bought');
const productLicense = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .nullable()
  .describe('`CML_Enterprise`, …; null: as the server has it');
const features = z
  .array(z.strictObject({ id: z.string().trim().min(1).max(200), count: z.int().min(0).max(100_000) }))
  .max(20)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'names a feature twice')
  .describe('Additional nodes for each worker, by the id of the feature');
const smartServer = z
  .url({
    protocol: /^https?$/,
    error: 'must be a URL like https://cssm.example.com/Transportgateway/services/DeviceRequestHandler',
  })
  .max(2048)
  .refine(
    (text) => !hasPassword(text),
    'must not hold a user name or a password: everybody who reads pools sees it',
  )
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
  .meta({ id: 'LicensePoolChanges' });

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

function hasPassword(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}
