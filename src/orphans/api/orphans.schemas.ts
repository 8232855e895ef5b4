import { z } from 'zod';
import { answeredTime, oneOrMoreOf, pageOf, pageQuery } from '../../http';
import { ORPHAN_KINDS } from '../domain/orphan';

export const orphansQuery = pageQuery.extend({
  kind: oneOrMoreOf(z.enum(ORPHAN_KINDS)).describe(`One or more, with commas: ${ORPHAN_KINDS.join(', ')}`),
  awsRegion: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().max(40)))
    .optional()
    .describe('One or more, with commas'),
});

const text = z.string().nullable();

export const orphanView = z
  .object({
    id: z.uuid(),
    kind: z.enum(ORPHAN_KINDS),
    awsRegion: z.string(),
    resourceId: z.string().describe('AWS’s id; of a worker without an instance the worker’s'),
    firstSeenAt: answeredTime,
    lastSeenAt: answeredTime,
    sightings: z.number().int().describe('Complete listings in a row that showed it; two at least'),
    installationId: text.describe('That its tags name: ours, or null for none'),
    details: z
      .object({
        name: text,
        workerId: text.describe('The worker that its tags name, or that it is'),
        awsInstanceId: text,
        instanceType: text,
        status: text.describe('AWS’s word; of a worker its status'),
        sizeGiB: z.number().nullable(),
        publicIp: text,
        since: answeredTime.nullable().describe('When it was launched or made'),
      })
      .meta({ id: 'OrphanDetails', description: 'null: does not apply, or nobody said' }),
  })
  .meta({ id: 'Orphan' });

export const orphanPage = pageOf(orphanView, 'OrphanPage');

/** What a cursor of the list stands for. */
export const orphanPlace = z.object({
  firstSeenAt: z.iso.datetime().transform((given) => new Date(given)),
  id: z.uuid(),
});

const reason = z.string().trim().min(1).max(500).optional().describe('Stands in the audit trail');

export const adoptBody = z
  .strictObject({
    name: z
      .string()
      .trim()
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u,
        'must be 1 to 63 letters, digits, spaces, ".", "_" or "-"',
      )
      .optional()
      .describe('Left out: the instance’s Name tag, or its id'),
    reason,
  })
  .default({})
  .meta({ id: 'AdoptOrphan', example: { name: 'found-lab', reason: 'belongs to the routing course' } });

export const terminateBody = z
  .strictObject({ reason })
  .default({})
  .meta({ id: 'TerminateOrphan', example: { reason: 'left over by the old installation' } });

export const ORPHAN_EXAMPLE = {
  id: '7c1e2d3f-4a5b-5c6d-8e9f-0a1b2c3d4e5f',
  kind: 'instance-without-worker',
  awsRegion: 'us-east-1',
  resourceId: 'i-0a1b2c3d4e5f60718',
  firstSeenAt: '2027-01-15T08:00:00.000Z',
  lastSeenAt: '2027-01-15T08:10:00.000Z',
  sightings: 2,
  installationId: '0f3f2b3c-9a2e-4e0b-8a55-8c1f0a3b6c7d',
  details: {
    name: 'routing-course',
    workerId: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
    awsInstanceId: 'i-0a1b2c3d4e5f60718',
    instanceType: 'm5zn.metal',
    status: 'running',
    sizeGiB: null,
    publicIp: '203.0.113.17',
    since: '2027-01-12T17:20:00.000Z',
  },
} as const;
