import { createHash } from 'node:crypto';
import { z } from 'zod';
import { answeredTime, pageOf } from '../../http';
import { type WorkerTemplate } from '../domain/worker-template';

const byRegion = z.record(z.string(), z.array(z.string()));

const rootVolume = z
  .object({
    sizeGiB: z.number().int().nullable(),
    volumeType: z.string().nullable(),
    iops: z.number().int().nullable(),
    throughputMiBps: z.number().int().nullable(),
    encrypted: z.boolean().nullable(),
    kmsKeyId: z.string().nullable(),
    deleteOnTermination: z.boolean(),
  })
  .meta({ id: 'RootVolume', description: 'null is what the image, or EC2, has by itself' });

export const templateView = z
  .object({
    id: z.uuid(),
    version: z.number().int().describe('Counts its changes; the ETag'),
    name: z.string(),
    description: z.string(),
    instanceTypes: z.array(z.string()).describe('In the order in which launches try them'),
    amiId: z.string().nullable(),
    amiName: z.string().nullable(),
    amiOwners: z.array(z.string()),
    amiIds: z.record(z.string(), z.string()),
    subnetIds: byRegion,
    securityGroupIds: byRegion,
    keyName: z.string().nullable(),
    rootVolume: rootVolume.nullable(),
    iamInstanceProfile: z.string().nullable(),
    userData: z
      .object({ bytes: z.number().int(), sha256: z.string() })
      .nullable()
      .describe('It is not shown itself; by the sum (hex) you can tell which text it is'),
    market: z.enum(['on-demand', 'spot']),
    tags: z.record(z.string(), z.string()),
    cmlVersion: z.string().nullable(),
    createdAt: answeredTime,
    createdBy: z.string(),
    updatedAt: answeredTime,
  })
  .meta({ id: 'WorkerTemplate' });

export const templatePage = pageOf(templateView, 'WorkerTemplatePage');

export type TemplateView = z.input<typeof templateView>;

/** What a cursor of the list stands for. */
export const templatePlace = z.object({ name: z.string(), id: z.uuid() });

export function toView({ id, version, state }: WorkerTemplate): TemplateView {
  const { instanceTypes, amiOwners, subnetIds, securityGroupIds, userData, ...rest } = state;
  return {
    ...rest,
    id,
    version,
    instanceTypes: [...instanceTypes],
    amiOwners: [...amiOwners],
    subnetIds: copied(subnetIds),
    securityGroupIds: copied(securityGroupIds),
    userData: userData === null ? null : traceOf(userData),
  };
}

function copied(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([region, list]) => [region, [...list]]));
}

function traceOf(text: string) {
  return { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
}

export const TEMPLATE_EXAMPLE = {
  id: '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f',
  version: 3,
  name: 'routing-course',
  description: 'the server of the routing course',
  instanceTypes: ['m5zn.metal', 'c5.metal'],
  amiId: null,
  amiName: 'cml-2.9*',
  amiOwners: [],
  amiIds: {},
  subnetIds: { 'us-east-1': ['subnet-0a1b2c3d4e5f60718', 'subnet-0f1e2d3c4b5a69780'] },
  securityGroupIds: { 'us-east-1': ['sg-0a1b2c3d4e5f60718'] },
  keyName: null,
  rootVolume: {
    ...{ sizeGiB: 200, volumeType: 'gp3', iops: null, throughputMiBps: null },
    ...{ encrypted: true, kmsKeyId: null, deleteOnTermination: true },
  },
  iamInstanceProfile: null,
  userData: null,
  market: 'on-demand',
  tags: { course: 'routing' },
  cmlVersion: null,
  createdAt: '2027-01-05T08:00:00.000Z',
  createdBy: 'api-key:7c9e6679-7425-40de-944b-e07fc1f90ae7',
  updatedAt: '2027-01-07T10:30:00.000Z',
};
