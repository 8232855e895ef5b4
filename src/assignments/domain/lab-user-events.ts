import { eventOf } from '../../kernel/domain-event';
import { type EndCause, type GivenAssignment } from './assignment';

/** Everything that can happen to what a user may use. Each event names the user: the stream's id is derived from it. */

export class AssignmentGranted extends eventOf('assignment.granted')<{
  readonly userId: string;
  readonly assignment: GivenAssignment;
}> {}

export class AssignmentEnded extends eventOf('assignment.ended')<{
  readonly userId: string;
  readonly assignmentId: string;
  readonly workerId: string;
  readonly labId: string | null;
  readonly requestId: string | null;
  readonly cause: EndCause;
  readonly by: string;
  readonly at: Date;
}> {}

export class LabUserQuotaSet extends eventOf('lab-user.quota-set')<{
  readonly userId: string;
  /** null: that of the settings again */
  readonly quota: number | null;
  readonly at: Date;
}> {}

export type LabUserEvent = AssignmentGranted | AssignmentEnded | LabUserQuotaSet;

export const LAB_USER_EVENTS = [AssignmentGranted, AssignmentEnded, LabUserQuotaSet] as const;
