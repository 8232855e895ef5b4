import { z } from 'zod';
import { pageOf } from '../../http';
import { type LabUser } from '../domain/lab-user';
import { holdsAt, isOver, spanOf } from '../domain/assignment';
import { ASSIGNMENT_EXAMPLE, assignmentView, reason, toAssignmentView } from './assignments.schemas';

export const quotaBody = z
  .strictObject({
    workers: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .nullable()
      .describe('How many may be assigned at the same moment; null: FLEET_USER_WORKERS'),
    reason,
  })
  .meta({ id: 'SetQuota', example: { workers: 4, reason: 'teaches two courses' } });

const fields = {
  userId: z.string(),
  version: z.number().int().describe('Counts what happened to the user’s assignments and quota; the ETag'),
  quota: z.object({
    workers: z.number().int().describe('How many may be assigned at the same moment'),
    isDefault: z.boolean().describe('Nobody set it for this user: it is FLEET_USER_WORKERS'),
  }),
  activeAssignments: z.number().int().describe('How many hold now'),
};

export const labUserSummary = z.object(fields).meta({ id: 'LabUserSummary' });

export const labUserView = z
  .object({ ...fields, assignments: z.array(assignmentView).describe('Those that hold now or will') })
  .meta({ id: 'LabUser' });

export const labUserPage = pageOf(labUserSummary, 'LabUserPage');

/** What a cursor of the list stands for. */
export const labUserPlace = z.object({ userId: z.string().max(300) });

export type LabUserSummary = z.input<typeof labUserSummary>;
export type LabUserView = z.input<typeof labUserView>;

export function toSummary({ version, state }: LabUser, defaultQuota: number, now: Date): LabUserSummary {
  return {
    userId: state.userId ?? '',
    version,
    quota: { workers: state.quota ?? defaultQuota, isDefault: state.quota === null },
    activeAssignments: state.assignments.filter((it) => holdsAt(spanOf(it), now)).length,
  };
}

/** `userId` is the caller's word, by which the user was found: one of whom nothing is known has none himself. */
export function toUserView(user: LabUser, userId: string, defaultQuota: number, now: Date): LabUserView {
  const coming = user.state.assignments.filter((it) => !isOver(spanOf(it), now));
  const assignments = coming.map((it) => toAssignmentView({ ...it, userId }, now));
  return { ...toSummary(user, defaultQuota, now), userId, assignments };
}

const SUMMARY = {
  userId: 'user:ann',
  version: 3,
  quota: { workers: 4, isDefault: false },
  activeAssignments: 1,
};
export const LAB_USER_PAGE_EXAMPLE = { items: [SUMMARY], nextCursor: null };
export const LAB_USER_EXAMPLE = { ...SUMMARY, assignments: [ASSIGNMENT_EXAMPLE] };
