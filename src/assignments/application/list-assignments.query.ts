import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { DirectoryFeed } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { FLEET } from '../../kernel/reach';
import { AssignmentNotFound } from '../domain/assignment-errors';
import { holdsAt, spanOf } from '../domain/assignment';
import { findInLog } from './find-in-log';
import { type AssignmentOfUser, LabUserDirectory } from './lab-user-directory';
import { type Viewer, workersWithin } from './reached-workers';

/** The time of the grant and the id of the last assignment of the page before. */
export interface AssignmentPosition {
  readonly grantedAt: Date;
  readonly id: string;
}

export interface AssignmentFilter {
  readonly userId?: string;
  readonly workerId?: string;
  /** whether it holds now */
  readonly active?: boolean;
}

/** What a viewer may see of the assignments, newest first. */
export class ListAssignments extends Query<AssignmentOfUser[]> {
  constructor(
    readonly viewer: Viewer,
    readonly filter: AssignmentFilter,
    readonly after: AssignmentPosition | null,
    readonly limit: number,
  ) {
    super();
  }
}

/** @throws AssignmentNotFound, also for one that the viewer may not see; StoreUnavailable */
export class GetAssignment extends Query<AssignmentOfUser> {
  constructor(
    readonly viewer: Viewer,
    readonly assignmentId: string,
  ) {
    super();
  }
}

@QueryHandler(ListAssignments)
export class ListAssignmentsHandler implements IQueryHandler<ListAssignments> {
  constructor(
    private readonly directory: LabUserDirectory,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  async execute({ viewer, filter, after, limit }: ListAssignments): Promise<AssignmentOfUser[]> {
    const isShown = await shownTo(viewer, this.queries);
    const { userId, workerId, active } = filter;
    const now = this.clock.now();
    return this.directory
      .assignments()
      .filter((it) => userId === undefined || it.userId === userId)
      .filter((it) => workerId === undefined || it.workerId === workerId)
      .filter((it) => active === undefined || holdsAt(spanOf(it), now) === active)
      .filter(isShown)
      .sort(newestFirst)
      .filter((it) => !after || newestFirst(it, after) > 0)
      .slice(0, limit);
  }
}

@QueryHandler(GetAssignment)
export class GetAssignmentHandler implements IQueryHandler<GetAssignment> {
  constructor(
    private readonly directory: LabUserDirectory,
    private readonly feed: DirectoryFeed,
    private readonly queries: QueryBus,
  ) {}

  async execute({ viewer, assignmentId }: GetAssignment): Promise<AssignmentOfUser> {
    // for who operates nothing the log is not read to its end: he sees his own a second later
    const operates = viewer.operates === FLEET || viewer.operates.length > 0;
    const found = operates
      ? await findInLog(assignmentId, this.directory, this.feed)
      : this.directory.find(assignmentId);
    const isShown = await shownTo(viewer, this.queries);
    if (!found || !isShown(found)) throw new AssignmentNotFound(assignmentId);
    return found;
  }
}

async function shownTo(
  { actor, operates }: Viewer,
  queries: QueryBus,
): Promise<(assignment: AssignmentOfUser) => boolean> {
  const within = await workersWithin(operates, queries);
  return ({ userId, workerId }) => userId === actor || within === 'all' || within.has(workerId);
}

function newestFirst(a: AssignmentPosition, b: AssignmentPosition): number {
  return b.grantedAt.getTime() - a.grantedAt.getTime() || (a.id < b.id ? 1 : Number(a.id !== b.id) * -1);
}
