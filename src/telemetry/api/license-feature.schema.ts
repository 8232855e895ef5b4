import { z } from 'zod';

const text = z.string().nullable();

/** A feature of a CML licence as answers show it. */
export const licenseFeature = z
  .object({
    id: z.string(),
    name: text,
    inUse: z.number().nullable(),
    status: text,
    min: z.number().nullable(),
    max: z.number().nullable(),
  })
  .meta({ id: 'CmlLicenseFeature' });
