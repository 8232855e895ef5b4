import { z } from 'zod';
import { type TokenInput } from '../licensing/smart-licensing';

const SEATS = [
  ...['CML_Enterprise', 'CML_Education', 'CML_Internal', 'CML_NotForResale', 'CML_Personal'],
  ...['CML_Personal40', 'CML_NODE_COUNT'],
] as [keyof NonNullable<TokenInput['seats']>];

/** A token of Smart Licensing as JSON has it. */
export const licenseToken = z
  .strictObject({
    token: z.string().min(1),
    smartAccount: z.string(),
    virtualAccount: z.string(),
    /** what is not named it has none of */
    seats: z.partialRecord(z.enum(SEATS), z.int().min(0)),
    expiresAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    maxUses: z.int().min(0),
    /** URL of an on-premises server */
    server: z.url(),
  })
  .partial()
  .required({ token: true })
  .transform(
    (given) =>
      Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      ) as unknown as TokenInput,
  );
