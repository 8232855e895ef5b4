import { z } from 'zod';
import { awsInput } from '../../workers';

const {
  awsId,
  awsRegion,
  cmlVersion,
  amiName,
  amiOwners,
  instanceTypes,
  market,
  peoplesTags,
  securityGroupIds,
  subnetIds,
  workerName,
} = awsInput;

const USER_DATA_BYTES = 16 * 1024;

/** A template is named by its id or its name. */
const name = workerName.refine((text) => !z.uuid().safeParse(text).success, 'must not look like an id');

function perRegion<T extends z.ZodType>(value: T) {
  return z
    .record(awsRegion, value)
    .refine((given) => Object.keys(given).length <= 40, 'names more than 40 regions');
}

const rootVolume = z
  .strictObject({
    sizeGiB: z.number().int().min(1).max(65_536).nullable().default(null),
    volumeType: z.enum(['gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1', 'standard']).nullable().default(null),
    iops: z.number().int().min(100).max(256_000).nullable().default(null),
    throughputMiBps: z.number().int().min(125).max(2000).nullable().default(null),
    encrypted: z.boolean().nullable().default(null),
    kmsKeyId: z.string().min(1).max(2048).nullable().default(null),
    deleteOnTermination: z.boolean().default(true),
  })
  .describe('The volume that instances boot from; null is what the image, or EC2, has by itself');

/** All but the defaults: in a change, what is left out stays. */
const fields = {
  description: z.string().trim().max(500).describe('What it is for, for people'),
  amiId: awsId('ami').nullable(),
  amiName: amiName.nullable(),
  amiOwners,
  amiIds: perRegion(awsId('ami')).describe('The image of each region; without amiId and amiName'),
  subnetIds: perRegion(subnetIds).describe(
    'By region, in the order in which launches try them; [] for the default subnets. Once one region is named, workers ' +
      'can be created in the named ones only',
  ),
  securityGroupIds: perRegion(securityGroupIds).describe(
    'By region, like subnetIds; [] for the default group',
  ),
  keyName: z.string().min(1).max(255).nullable().describe('Name of an EC2 key pair, in each region'),
  rootVolume: rootVolume.nullable(),
  iamInstanceProfile: z
    .string()
    .regex(
      /^(arn:aws[a-z-]*:iam::\d{12}:instance-profile\/[\w+=,.@/-]+|[\w+=,.@-]{1,128})$/,
      'must be the name or the ARN of an instance profile',
    )
    .nullable(),
  userData: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= USER_DATA_BYTES, 'has more than 16 KiB')
    .nullable()
    .describe(
      'Plain text for cloud-init, up to 16 KiB. Whoever is on an instance can read it: put no secrets into it. It is ' +
        'not shown again',
    ),
  market,
  tags: peoplesTags,
  cmlVersion: cmlVersion.nullable(),
};

export const newTemplate = z
  .strictObject({
    name,
    instanceTypes: instanceTypes.describe('In the order in which launches try them'),
    description: fields.description.default(''),
    amiId: fields.amiId.default(null),
    amiName: fields.amiName.default(null),
    amiOwners: fields.amiOwners.default([]),
    amiIds: fields.amiIds.default({}),
    subnetIds: fields.subnetIds.default({}),
    securityGroupIds: fields.securityGroupIds.default({}),
    keyName: fields.keyName.default(null),
    rootVolume: fields.rootVolume.default(null),
    iamInstanceProfile: fields.iamInstanceProfile.default(null),
    userData: fields.userData.default(null),
    market: fields.market.default('on-demand'),
    tags: fields.tags.default({}),
    cmlVersion: fields.cmlVersion.default(null),
  })
  .meta({
    id: 'NewWorkerTemplate',
    example: {
      name: 'routing-course',
      description: 'the server of the routing course',
      instanceTypes: ['m5zn.metal', 'c5.metal'],
      amiName: 'cml-2.9*',
      subnetIds: { 'us-east-1': ['subnet-0a1b2c3d4e5f60718', 'subnet-0f1e2d3c4b5a69780'] },
      securityGroupIds: { 'us-east-1': ['sg-0a1b2c3d4e5f60718'] },
      rootVolume: { sizeGiB: 200, volumeType: 'gp3', encrypted: true },
      tags: { course: 'routing' },
    },
  });

export const changedTemplate = z
  .strictObject({ name, instanceTypes, ...fields })
  .partial()
  .refine(
    (body) => Object.values(body).some((value) => value !== undefined),
    'name at least one field to change',
  )
  .meta({
    id: 'WorkerTemplateChanges',
    minProperties: 1,
    description: 'What is left out stays. Naming the image anew, in whatever way, replaces the one before.',
    example: { instanceTypes: ['c5.metal'] },
  });
