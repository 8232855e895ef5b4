import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { FLEET } from '../../kernel/reach';
import { WorkerGone } from '../domain/assignment-errors';
import { LabUsers } from '../domain/ports';
import { ASSIGNMENTS_OPTIONS, type AssignmentsOptions } from './assignments.options';
import { type AssignmentOfUser } from './lab-user-directory';
import { mustReach } from './reached-workers';

export interface AssignmentOrder {
  readonly userId: string;
  readonly workerId: string;
  readonly labId: string | null;
  /** null, or a time that is past: from now on */
  readonly from: Date | null;
  readonly until: Date | null;
}

/** Assigns a worker, or a lab on it, to a user. */
export class GrantAssignment extends Command<AssignmentOfUser> {
  constructor(
    readonly order: AssignmentOrder,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(GrantAssignment)
export class GrantAssignmentHandler implements ICommandHandler<GrantAssignment> {
  constructor(
    private readonly users: LabUsers,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
    @Inject(ASSIGNMENTS_OPTIONS) private readonly options: AssignmentsOptions,
  ) {}

  /** @throws WorkerNotFound, WorkerGone, InvalidInput, AssignmentOverlaps, QuotaExceeded, VersionConflict */
  async execute({ order, context }: GrantAssignment): Promise<AssignmentOfUser> {
    const { userId, workerId, labId, until } = order;
    // derived, so that a repeated command finds the one that its first try granted
    const id = derivedId('assignment', context.commandId);
    const before = (await this.users.get(userId)).state.assignments.find((it) => it.id === id);
    if (before) return { ...before, userId };
    const worker = await mustReach(workerId, context.reach ?? FLEET, this.queries);
    if (worker.desired.state === 'TERMINATED' || worker.status === 'TERMINATED')
      throw new WorkerGone(worker.name);
    const now = this.clock.now();
    const from = order.from && order.from > now ? order.from : now;
    if (until && until <= from) {
      throw new InvalidInput([
        { pointer: '/until', message: 'must be later than its beginning, and than now' },
      ]);
    }
    const { actor: by, reason } = context;
    const given = { id, workerId, labId, from, until, by, reason, requestId: null, grantedAt: now };
    const user = await this.users.change(userId, context, (it) =>
      it.grant(userId, given, this.options.userWorkers),
    );
    const granted = user.state.assignments.find((it) => it.id === id);
    return { ...(granted ?? { ...given, ended: null }), userId };
  }
}
