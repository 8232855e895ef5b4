import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type Connection, connectionOf } from '../domain/connection';
import { WorkerRepository } from '../domain/ports';
import { WorkerNotFound } from '../domain/worker-errors';
import { ConnectionCallers } from './connection-callers';

/**
 * Where to connect to, or what is missing. The first ready answer of a series is a use of the worker.
 * @throws WorkerNotFound; StoreUnavailable where the use cannot be noted: a worker that somebody was sent to without a
 * trace could be stopped under their hands
 */
export class AskForConnection extends Command<Connection> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AskForConnection)
export class AskForConnectionHandler implements ICommandHandler<AskForConnection> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly callers: ConnectionCallers,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  async execute({ workerId, context }: AskForConnection): Promise<Connection> {
    const worker = await this.workers.getById(workerId, context.reach);
    if (!worker) throw new WorkerNotFound(workerId);
    const found = connectionOf(worker.state, this.machine.now());
    if (!found.ready) return found;
    const isNew = !this.callers.isPolling(workerId, context.actor);
    const answer = isNew ? await this.answerAndNote(workerId, context) : found;
    if (answer.ready) this.callers.told(workerId, context.actor);
    return answer;
  }

  /** By one append to the worker's stream: a fence that was faster is found by it, and one that comes later finds it. */
  private async answerAndNote(workerId: string, context: CommandContext): Promise<Connection> {
    // one moment for both: a fence that ends in between would make ready what was not noted
    const now = this.machine.now();
    const worker = await this.workers.update(workerId, context, (worker) => {
      if (!connectionOf(worker.state, now).ready) return;
      worker.noteUse('connection', { by: context.actor, at: this.clock.now() });
    });
    return connectionOf(worker.state, now);
  }
}
