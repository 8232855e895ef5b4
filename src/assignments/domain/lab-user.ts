import { AggregateRoot } from '../../kernel/aggregate-root';
import { HOUR, plus } from '../../kernel/clocks';
import {
  type Assignment,
  type EndCause,
  type GivenAssignment,
  isOver,
  mostAtOnce,
  overlap,
  samePlace,
  type Span,
  spanOf,
} from './assignment';
import { AssignmentNotFound, AssignmentOverlaps, QuotaExceeded } from './assignment-errors';
import { AssignmentEnded, AssignmentGranted, type LabUserEvent, LabUserQuotaSet } from './lab-user-events';

/** Assignments that were over for so long when another one was granted are no part of the state any more. */
export const KEPT_FOR_MS = 90 * 24 * HOUR;

export interface LabUserState {
  /** `user:<subject>` or `api-key:<id>`; null before the first event */
  readonly userId: string | null;
  /** null: that of the settings */
  readonly quota: number | null;
  /** oldest first, with what is over since less than 90 days */
  readonly assignments: readonly Assignment[];
}

/**
 * One user of workers, with what is assigned to him. However many admins and requests assign at once, no moment has more
 * assignments than the quota of the time at which they were granted.
 */
export class LabUser extends AggregateRoot<LabUserState, LabUserEvent> {
  /** A user of whom nothing is known; nothing is recorded by that. */
  static unknown(id: string): LabUser {
    return new LabUser(id, NO_STATE, 0);
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly LabUserEvent[],
    { state, version }: { state: LabUserState; version: number } = { state: NO_STATE, version: 0 },
  ): LabUser {
    return new LabUser(id, events.reduce(evolve, state), version + events.length);
  }

  /**
   * Grants an assignment; one with its id that was granted before is left as it is.
   * @throws AssignmentOverlaps, QuotaExceeded
   */
  grant(userId: string, given: GivenAssignment, defaultQuota: number): void {
    if (this.knows(given.id)) return;
    const rival = this.state.assignments.find((it) => samePlace(it, given) && overlap(spanOf(it), given));
    if (rival) throw new AssignmentOverlaps({ ...rival, ...spanOf(rival) });
    this.mustHaveRoom(given, defaultQuota);
    this.record(new AssignmentGranted(this.id, { userId, assignment: given }));
  }

  /** @param pending what else was asked for in that time and is not granted yet. @throws QuotaExceeded */
  mustHaveRoom(span: Span, defaultQuota: number, pending = 0): void {
    const quota = this.quota(defaultQuota);
    const atOnce = mostAtOnce(this.state.assignments.map(spanOf), span) + pending;
    if (atOnce >= quota) throw new QuotaExceeded(quota, atOnce);
  }

  /** Whether the user has an assignment, or had it until less than 90 days ago. */
  knows(assignmentId: string): boolean {
    return this.state.assignments.some(({ id }) => id === assignmentId);
  }

  /** Ends an assignment now; what is over is left as it is. @throws AssignmentNotFound */
  end(assignmentId: string, cause: EndCause, { by, at }: { by: string; at: Date }): void {
    const found = this.state.assignments.find(({ id }) => id === assignmentId);
    if (!found || this.state.userId === null) throw new AssignmentNotFound(assignmentId);
    if (found.ended || isOver(spanOf(found), at)) return;
    const { workerId, labId, requestId } = found;
    const of = { userId: this.state.userId, assignmentId, workerId, labId, requestId };
    this.record(new AssignmentEnded(this.id, { ...of, cause, by, at }));
  }

  /** How many may be assigned at the same moment from now on; it ends nothing that was granted. */
  setQuota(userId: string, quota: number | null, at: Date): void {
    if (this.state.quota !== quota) this.record(new LabUserQuotaSet(this.id, { userId, quota, at }));
  }

  quota(defaultQuota: number): number {
    return this.state.quota ?? defaultQuota;
  }

  protected evolve(state: LabUserState, event: LabUserEvent): LabUserState {
    return evolve(state, event);
  }
}

const NO_STATE: LabUserState = { userId: null, quota: null, assignments: [] };

function evolve(state: LabUserState, event: LabUserEvent): LabUserState {
  const { userId } = event.data;
  switch (event.type) {
    case 'assignment.granted': {
      const { assignment } = event.data;
      const forgottenUntil = plus(assignment.grantedAt, -KEPT_FOR_MS);
      const kept = state.assignments.filter(
        (it) => (spanOf(it).until ?? assignment.grantedAt) > forgottenUntil,
      );
      return { ...state, userId, assignments: [...kept, { ...assignment, ended: null }] };
    }
    case 'assignment.ended': {
      const { assignmentId, at, cause, by } = event.data;
      const assignments = state.assignments.map((it) =>
        it.id === assignmentId ? { ...it, ended: { at, cause, by } } : it,
      );
      return { ...state, userId, assignments };
    }
    case 'lab-user.quota-set':
      return { ...state, userId, quota: event.data.quota };
  }
}
