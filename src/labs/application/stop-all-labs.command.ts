import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { FLEET, withAllLabs } from '../../kernel/reach';
import { type Operation, Operations } from '../../operations';
import { LabActsRepository } from '../domain/ports';
import { LabServers } from './lab-servers';
import { StopLabsHandler } from './stop-labs.handler';

/**
 * Has all labs of a worker stopped, one after the other. Answers the operation that does it.
 * @throws WorkerNotFound, WorkerDoesNotRun, CmlError `unreachable`
 */
export class StopAllLabs extends Command<Operation> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Who and why is stored before the operation is accepted; a repetition finds both. */
@CommandHandler(StopAllLabs)
export class StopAllLabsHandler implements ICommandHandler<StopAllLabs> {
  constructor(
    private readonly servers: LabServers,
    private readonly acts: LabActsRepository,
    private readonly operations: Operations,
    private readonly handler: StopLabsHandler,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, context }: StopAllLabs): Promise<Operation> {
    await this.servers.reach(workerId, withAllLabs(context.reach ?? FLEET));
    await this.acts.record(workerId, context, (acts) =>
      acts.stopAllRequested(context.actor, this.clock.now()),
    );
    return this.operations.accept({ kind: this.handler.kind, workerId, input: {} }, context);
  }
}
