import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { DirectoryFeed } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { FLEET } from '../../kernel/reach';
import { AssignmentNotFound } from '../domain/assignment-errors';
import { LabUsers } from '../domain/ports';
import { findInLog } from './find-in-log';
import { LabUserDirectory } from './lab-user-directory';
import { workersWithin } from './reached-workers';

/** Ends an assignment now; one that is over stays as it is. */
export class EndAssignment extends Command<void> {
  constructor(
    readonly assignmentId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EndAssignment)
export class EndAssignmentHandler implements ICommandHandler<EndAssignment> {
  constructor(
    private readonly users: LabUsers,
    private readonly directory: LabUserDirectory,
    private readonly feed: DirectoryFeed,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /** @throws AssignmentNotFound, also for one on a worker out of reach; VersionConflict, StoreUnavailable */
  async execute({ assignmentId, context }: EndAssignment): Promise<void> {
    const found = await findInLog(assignmentId, this.directory, this.feed);
    if (!found) throw new AssignmentNotFound(assignmentId);
    const within = await workersWithin(context.reach ?? FLEET, this.queries);
    if (within !== 'all' && !within.has(found.workerId)) throw new AssignmentNotFound(assignmentId);
    await this.users.change(found.userId, context, (user) =>
      user.end(assignmentId, 'revoked', { by: context.actor, at: this.clock.now() }),
    );
  }
}
