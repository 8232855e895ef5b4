import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { LabUsers, WorkerRequests } from '../domain/ports';
import { type WorkerRequest } from '../domain/worker-request';
import { GetRequest } from './list-requests.query';
import { type Viewer } from './reached-workers';

/** Takes a request back; what was granted for it is given back. A worker that was started for it is left to the reaper. */
export class CancelRequest extends Command<WorkerRequest> {
  constructor(
    readonly requestId: string,
    readonly viewer: Viewer,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CancelRequest)
export class CancelRequestHandler implements ICommandHandler<CancelRequest> {
  constructor(
    private readonly requests: WorkerRequests,
    private readonly users: LabUsers,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /** @throws RequestNotFound, RequestEnded, VersionConflict */
  async execute({ requestId, viewer, context }: CancelRequest): Promise<WorkerRequest> {
    const { request } = await this.queries.execute(new GetRequest(viewer, requestId));
    const by = context.actor;
    const cancelled = await this.requests.update(requestId, context, (it) => it.cancel(by, this.clock.now()));
    const { assignmentId } = cancelled.state;
    if (assignmentId !== null) {
      const own = { ...context, commandId: derivedId(context.commandId, 'give-back') };
      await this.users.change(request.userId, own, (user) => {
        // one that was over for long is forgotten by its user, and there is nothing to give back
        if (!user.knows(assignmentId)) return;
        user.end(assignmentId, 'given-back', { by, at: this.clock.now() });
      });
    }
    return cancelled;
  }
}
