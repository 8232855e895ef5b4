import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock, HOUR, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { LabUsers, RequestReadModel, WorkerRequests } from '../domain/ports';
import { RequestsNotOffered } from '../domain/request-errors';
import { WorkerRequest } from '../domain/worker-request';
import { type RequestOrder } from '../domain/worker-request-state';
import { ASSIGNMENTS_OPTIONS, type AssignmentsOptions } from './assignments.options';
import { RequestBell } from './request-bell';

/** Asks for a worker for the context's actor. From here on it is looked for, whatever happens to this process. */
export class RequestWorker extends Command<WorkerRequest> {
  constructor(
    readonly order: Omit<RequestOrder, 'userId' | 'reason'>,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestWorker)
export class RequestWorkerHandler implements ICommandHandler<RequestWorker> {
  constructor(
    private readonly requests: WorkerRequests,
    private readonly records: RequestReadModel,
    private readonly users: LabUsers,
    private readonly bell: RequestBell,
    private readonly clock: FleetClock,
    @Inject(ASSIGNMENTS_OPTIONS) private readonly options: AssignmentsOptions,
  ) {}

  /** @throws RequestsNotOffered, InvalidInput, QuotaExceeded: the quota is asked again when it is granted */
  async execute({ order, context }: RequestWorker): Promise<WorkerRequest> {
    // derived, so that a repeated command finds the request that its first try made
    const id = derivedId('worker-request', context.commandId);
    const before = await this.requests.find(id);
    if (before) return before;
    const { requestTags, maxHours, userWorkers } = this.options;
    if (requestTags.length === 0) throw new RequestsNotOffered();
    if (order.hours > maxHours) {
      throw new InvalidInput([{ pointer: '/hours', message: `must be ${maxHours} at most` }]);
    }
    const { actor: userId, reason } = context;
    const now = this.clock.now();
    const span = { from: now, until: plus(now, order.hours * HOUR) };
    const open = await this.records.open();
    const pending = open.filter((it) => it.userId === userId && it.state !== 'ready').length;
    (await this.users.get(userId)).mustHaveRoom(span, userWorkers, pending);
    const made = await this.requests.add(WorkerRequest.make(id, { ...order, userId, reason }, now), context);
    this.bell.ring();
    return made;
  }
}
