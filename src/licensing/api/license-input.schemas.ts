import { z } from 'zod';
import { Secret } from '../../kernel/secret';

/** What workers and pools are asked for alike, as CML takes it: it would refuse the rest only when a server registers. */

/** The message must not repeat what was sent. */
export const licenseToken = z
  .string()
  .trim()
  .regex(
    /^[a-zA-Z\d+/%=-]{1,256}$/,
    'must be a Smart Licensing token: up to 256 letters, digits and + / % = -',
  )
  .transform((text) => new Secret(text));

export const productLicense = z
  .string()
  .trim()
  .regex(/^\w{1,20}$/, 'must be a product licence like CML_Enterprise');

export const features = z
  .array(
    z.strictObject({
      id: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .describe('As GET shows it: `regid.2019-10.com.cisco.CML_NODE_COUNT,…`'),
      count: z.int().min(0).max(100_000),
    }),
  )
  .max(2)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'names a feature twice');

export const smartServer = z
  .url({
    protocol: /^https?$/,
    error: 'must be a URL like https://cssm.example.com/Transportgateway/services/DeviceRequestHandler',
  })
  .max(500)
  .refine(
    (text) => !hasUserinfo(text),
    'must not hold a user name or a password: everybody who reads licences sees it',
  );

function hasUserinfo(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}
