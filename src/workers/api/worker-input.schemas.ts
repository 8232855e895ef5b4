import { z } from 'zod';
import { Secret } from '../../kernel/secret';
import { givenTime, oneOrMoreOf, pageQuery, wholeNumber } from '../../http';
import { CMLServiceStatus, CMLWorkerStatus, LicenseStatus } from '../domain/worker-status';
import {
  amiName,
  amiOwners,
  awsId,
  awsRegion,
  cmlVersion,
  instanceType,
  instanceTypes,
  market,
  peoplesTags as tags,
  securityGroupIds,
  subnetIds,
  workerName as name,
} from './aws-input.schemas';

const reason = z.string().trim().min(1).max(500);
const driftPolicy = z
  .enum(['follow', 'enforce'])
  .describe('What is done when the instance is changed in AWS; left out or null: the fleet policy');

export const createWorkerBody = z
  .strictObject({
    name,
    awsRegion,
    template: z
      .string()
      .trim()
      .min(1)
      .max(63)
      .optional()
      .describe('Id or name of a worker template, which says what is left out here'),
    instanceType: instanceType.optional().describe('Required without a template'),
    instanceTypes: instanceTypes.optional().describe('In the order in which launches try them'),
    amiId: awsId('ami').optional(),
    amiName: amiName.optional(),
    amiOwners: amiOwners.optional(),
    tags: tags.default({}),
    cmlVersion: cmlVersion.optional(),
    subnetId: awsId('subnet').optional(),
    subnetIds: subnetIds
      .optional()
      .describe('In the order in which launches try them; [] for the default ones'),
    securityGroupIds: securityGroupIds.optional(),
    market: market.optional(),
    driftPolicy: driftPolicy.optional(),
    protect: z.boolean().default(false).describe('Never stop it automatically, until lifted'),
  })
  .superRefine((body, context) => {
    const fault = (path: string, message: string) =>
      void context.addIssue({ code: 'custom', path: [path], message });
    const named = (...values: unknown[]) => values.filter((value) => value !== undefined).length;
    const free = body.template !== undefined;
    const types = named(body.instanceType, body.instanceTypes);
    if (types > 1) fault('instanceType', 'give instanceType or instanceTypes, one of them');
    if (types === 0 && !free) fault('instanceType', 'is required without a template');
    const images = named(body.amiId, body.amiName);
    if (images > 1 || (images === 0 && !free)) fault('amiId', 'give amiId or amiName, one of them');
    if (named(body.subnetId, body.subnetIds) > 1)
      fault('subnetId', 'give subnetId or subnetIds, one of them');
    if (body.amiOwners && body.amiId !== undefined) fault('amiOwners', 'goes with amiName only');
  })
  .meta({
    id: 'CreateWorker',
    example: {
      name: 'routing-course',
      awsRegion: 'us-east-1',
      instanceType: 'm5zn.metal',
      amiName: 'cml-2.9*',
      tags: { course: 'routing' },
    },
  });

export const importWorkerBody = z
  .strictObject({ awsRegion, awsInstanceId: awsId('i'), name: name.optional() })
  .meta({
    id: 'ImportWorker',
    example: { awsRegion: 'us-east-1', awsInstanceId: 'i-0a1b2c3d4e5f60718', name: 'old-lab-server' },
  });

export const updateWorkerBody = z
  .strictObject({
    name: name.optional(),
    tags: tags.optional(),
    instanceType: instanceType.optional().describe('Only while the worker is stopped, or not launched yet'),
    amiId: awsId('ami').optional().describe('Only before the worker has an instance'),
    amiName: amiName.optional(),
    driftPolicy: driftPolicy.nullable().optional(),
    idlePolicyId: z
      .uuid('not an id: ids are UUIDs')
      .nullable()
      .optional()
      .describe('A named idle policy; null: those that fit the worker by themselves, and the fleet policy'),
  })
  .refine(
    (body) => Object.values(body).some((value) => value !== undefined),
    'name at least one field to change',
  )
  .refine((body) => body.amiId === undefined || body.amiName === undefined, {
    path: ['amiId'],
    message: 'give amiId or amiName, one of them',
  })
  .meta({ id: 'UpdateWorker', minProperties: 1, example: { tags: { course: 'switching' } } });

export const reasonBody = z
  .strictObject({ reason: reason.optional() })
  .default({})
  .meta({ id: 'Reason', example: { reason: 'course begins at nine' } });

export const stopBody = z
  .strictObject({
    reason: reason.optional(),
    force: z.boolean().default(false).describe('Stop although labs run, or although nobody can tell'),
    labs: z
      .enum(['stop', 'cut'])
      .default('stop')
      .describe('Of a forced stop: stop its labs in order first, or at once, whatever runs on it'),
  })
  .prefault({})
  .meta({ id: 'StopWorker', example: { reason: 'course is over', force: false, labs: 'stop' } });

export const terminateBody = z
  .strictObject({
    reason: reason.optional(),
    force: z
      .boolean()
      .default(false)
      .describe('At once: no topology of its labs is kept, and its licence stays in use at Cisco'),
  })
  .prefault({})
  .meta({ id: 'TerminateWorker', example: { reason: 'course is over', force: false } });

export const snoozeBody = z
  .strictObject({
    minutes: z.number().int().min(1).optional(),
    until: givenTime.optional(),
    reason,
  })
  .refine((body) => (body.minutes === undefined) !== (body.until === undefined), {
    path: ['minutes'],
    message: 'give minutes or until, one of them',
  })
  .meta({ id: 'Snooze', example: { minutes: 120, reason: 'long convergence test' } });

export const protectionBody = z
  .strictObject({ reason, expiresAt: givenTime.optional() })
  .meta({ id: 'Protect', example: { reason: 'exam server', expiresAt: '2027-02-01T00:00:00Z' } });

export const credentialsBody = z
  .strictObject({
    username: z.string().trim().min(1).max(32).describe('Of an account with admin rights on the server'),
    password: z
      .string()
      .min(1)
      .max(1024)
      .transform((text) => new Secret(text)),
  })
  .meta({ id: 'CmlCredentials', example: { username: 'fleet', password: 'correct horse battery' } });

export const certificateBody = z
  .strictObject({
    fingerprint: z
      .string()
      .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/i, 'must be a SHA-256 fingerprint like AB:CD:… (32 bytes)')
      .transform((text) => text.toUpperCase()),
  })
  .meta({
    id: 'AcceptCertificate',
    example: { fingerprint: Array.from({ length: 32 }, () => 'AB').join(':') },
  });

export const listQuery = pageQuery.extend({
  status: oneOrMoreOf(z.enum(CMLWorkerStatus)).describe('One or more, with commas'),
  serviceStatus: oneOrMoreOf(z.enum(CMLServiceStatus)),
  licenseStatus: oneOrMoreOf(z.enum(LicenseStatus)),
  awsRegion: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(awsRegion).max(20))
    .optional(),
  tag: z
    .union([z.string(), z.array(z.string()).max(10)])
    .transform((given) => (Array.isArray(given) ? given : [given]))
    .pipe(z.array(z.string().regex(/^[^:]+:.*$/, 'must be key:value')))
    .optional()
    .describe('key:value; several must all match'),
  q: z.string().trim().min(1).max(100).optional().describe('Part of the name or the instance id'),
  sort: z.enum(['-createdAt', 'name', 'lastActivityAt']).default('-createdAt'),
  includeTerminated: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

export const idleQuery = z.strictObject({
  thresholdMinutes: wholeNumber(0, 525_600).describe('Idle for longer than this'),
});

export const atQuery = z.strictObject({
  at: givenTime.optional().describe('The state as it was at this time'),
});
