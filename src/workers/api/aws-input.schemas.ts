import { z } from 'zod';
import { MOST_TAGS } from '../domain/launch-order';

/** What people give that is handed on to AWS, as the routes of several modules take it. */

export const workerName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u, 'must be 1 to 63 letters, digits, spaces, ".", "_" or "-"');

export const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like us-east-1');

export const instanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be a type like m5zn.metal');

export const awsId = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be an id like ${prefix}-0a1b2c3d4e5f60718`);

/** In the order in which launches try them. */
export const instanceTypes = listOf(instanceType, 10).min(1);
export const subnetIds = listOf(awsId('subnet'), 10);
export const securityGroupIds = listOf(awsId('sg'), 16);

export const amiName = z
  .string()
  .trim()
  .min(3)
  .max(128)
  .describe('The newest image of this name; * and ? allowed');

export const amiOwners = listOf(
  z
    .string()
    .regex(
      /^(\d{12}|self|amazon|aws-marketplace)$/,
      'must be an account id of 12 digits, self, amazon or aws-marketplace',
    ),
  20,
).describe('Whose images amiName may find, besides those of FLEET_AMI_OWNERS');

export const market = z
  .enum(['on-demand', 'spot'])
  .describe('A spot instance costs less, and AWS may take it back at any time');

export const peoplesTags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?!aws:|cml-fleet:|managed-by$|Name$)/i, 'is reserved: choose another key'),
    z.string().max(256),
  )
  .refine((given) => Object.keys(given).length <= MOST_TAGS, `at most ${MOST_TAGS} tags`);

export const cmlVersion = z.string().max(40);

function listOf<T extends z.ZodType<string, string>>(item: T, most: number) {
  return z
    .array(item)
    .max(most)
    .refine((items) => new Set(items).size === items.length, 'names one of them twice');
}
