import { z } from 'zod';
import { answeredTime, givenTime, pageOf, pageQuery } from '../../http';
import { END_CAUSES } from '../domain/assignment';
import { type AssignmentOfUser } from '../application/lab-user-directory';
import { holdsAt, isOver, spanOf } from '../domain/assignment';

/** Who somebody is for the fleet: as the actor of what he does. */
export const userId = z
  .string()
  .regex(
    /^(user:\S(.{0,253}\S)?|api-key:[\w-]{1,64})$/,
    'must be user:<subject of the access token> or api-key:<id of the key>',
  )
  .describe('`user:<subject of the access token>` or `api-key:<id of the key>`');

export const labId = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'not an id of a lab: letters, digits, "_" and "-", 64 at most');

export const reason = z.string().trim().min(1).max(500);

export const newAssignment = z
  .strictObject({
    userId,
    workerId: z.uuid(),
    labId: labId.nullable().default(null).describe('null: the worker with all its labs'),
    from: givenTime.nullable().default(null).describe('null, or a time that is past: from now on'),
    until: givenTime.nullable().default(null).describe('null: until it is ended'),
    reason,
  })
  .meta({
    id: 'NewAssignment',
    example: {
      userId: 'user:ann',
      workerId: '5b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      until: '2027-01-22T18:00:00Z',
      reason: 'routing course',
    },
  });

export const assignmentsQuery = pageQuery.extend({
  userId: userId.optional(),
  workerId: z.uuid().optional(),
  active: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Whether it holds now'),
});

export const assignmentView = z
  .object({
    id: z.uuid(),
    userId: z.string(),
    workerId: z.uuid(),
    labId: z.string().nullable().describe('null: the worker with all its labs'),
    from: answeredTime,
    until: answeredTime.nullable().describe('null: until it is ended'),
    state: z.enum(['upcoming', 'active', 'over']),
    by: z.string().describe('Who granted it'),
    reason: z.string().nullable(),
    requestId: z.uuid().nullable().describe('The request that it fulfils; null: an admin granted it'),
    grantedAt: answeredTime,
    ended: z
      .object({ at: answeredTime, cause: z.enum(END_CAUSES), by: z.string() })
      .nullable()
      .describe('By whom it was ended before its time; null: by nobody')
      .meta({ id: 'AssignmentEnd' }),
  })
  .meta({ id: 'Assignment' });

export const assignmentPage = pageOf(assignmentView, 'AssignmentPage');

/** What a cursor of the list stands for. */
export const assignmentPlace = z.object({
  grantedAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.uuid(),
});

export type AssignmentView = z.input<typeof assignmentView>;

export function toAssignmentView(assignment: AssignmentOfUser, now: Date): AssignmentView {
  const { id, userId: of, workerId, labId: lab, from, until, by, reason: why } = assignment;
  const { requestId, grantedAt, ended } = assignment;
  const span = spanOf(assignment);
  const state = isOver(span, now) ? 'over' : holdsAt(span, now) ? 'active' : 'upcoming';
  return {
    ...{ id, userId: of, workerId, labId: lab, from, until, state },
    ...{ by, reason: why, requestId, grantedAt, ended },
  };
}

export const ASSIGNMENT_EXAMPLE = {
  id: '0d0a4a52-5d0f-5a3c-9b0e-0c7a1d2e3f40',
  userId: 'user:ann',
  workerId: '5b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  labId: null,
  from: '2027-01-15T08:00:00.000Z',
  until: '2027-01-22T18:00:00.000Z',
  state: 'active',
  by: 'api-key:0b9d2f60-4a3c-5d0e-9a51-6d3f1d1f2b11',
  reason: 'routing course',
  requestId: null,
  grantedAt: '2027-01-15T08:00:00.000Z',
  ended: null,
} as const;
