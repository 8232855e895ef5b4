import { type AggregateDirectory } from '../../event-store';
import { type Assignment, holdsAt, isOver, overlap, type Span, spanOf } from '../domain/assignment';
import { type LabUser, type LabUserState } from '../domain/lab-user';

/** An assignment with whose it is. */
export interface AssignmentOfUser extends Assignment {
  readonly userId: string;
}

/** All users, in memory: every request asks what is assigned to its caller. */
export class LabUserDirectory {
  private readonly idsByUser = new Map<string, string>();
  private readonly usersByAssignment = new Map<string, string>();

  constructor(private readonly users: AggregateDirectory<LabUser, LabUserState>) {
    users.listen(({ id, state: { userId, assignments } }) => {
      if (userId !== null) this.idsByUser.set(userId, id);
      for (const assignment of assignments) this.usersByAssignment.set(assignment.id, id);
    });
  }

  /** Takes a user as he is now, unless a newer state of him is here already. */
  put(user: LabUser): void {
    this.users.put(user);
  }

  /** By the texts of their actors. */
  list(): LabUser[] {
    return this.users.all().sort((a, b) => (userIdOf(a) < userIdOf(b) ? -1 : 1));
  }

  /** What a user may use at this time. */
  heldBy(userId: string, now: Date): Assignment[] {
    const user = this.users.get(this.idsByUser.get(userId) ?? '');
    return user?.state.assignments.filter((it) => holdsAt(spanOf(it), now)) ?? [];
  }

  find(assignmentId: string): AssignmentOfUser | null {
    const user = this.users.get(this.usersByAssignment.get(assignmentId) ?? '');
    const found = user?.state.assignments.find(({ id }) => id === assignmentId);
    return user && found ? { ...found, userId: userIdOf(user) } : null;
  }

  /** All that are known, also those that are over since less than 90 days. */
  assignments(): AssignmentOfUser[] {
    return this.users
      .all()
      .flatMap((user) => user.state.assignments.map((it) => ({ ...it, userId: userIdOf(user) })));
  }

  /** Those that hold at this time or later. */
  running(now: Date): AssignmentOfUser[] {
    return this.assignments().filter((it) => !isOver(spanOf(it), now));
  }

  /** By worker, what is assigned on it within a time. */
  usersWithin(span: Span): ReadonlyMap<string, readonly AssignmentOfUser[]> {
    const byWorker = new Map<string, AssignmentOfUser[]>();
    for (const it of this.assignments()) {
      if (overlap(spanOf(it), span)) byWorker.set(it.workerId, [...(byWorker.get(it.workerId) ?? []), it]);
    }
    return byWorker;
  }
}

function userIdOf({ state }: LabUser): string {
  return state.userId ?? '';
}
