import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { FLEET, withAllLabs } from '../../kernel/reach';
import { type Operation, Operations } from '../../operations';
import { KeepTopologiesHandler } from './keep-topologies.handler';
import { LabServers } from './lab-servers';

/**
 * Has the topologies of all labs of a worker kept. Answers the operation that does it.
 * @throws WorkerNotFound, WorkerDoesNotRun, CmlError `unreachable`
 */
export class KeepTopologies extends Command<Operation> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(KeepTopologies)
export class KeepTopologiesCommandHandler implements ICommandHandler<KeepTopologies> {
  constructor(
    private readonly servers: LabServers,
    private readonly operations: Operations,
    private readonly handler: KeepTopologiesHandler,
  ) {}

  async execute({ workerId, context }: KeepTopologies): Promise<Operation> {
    await this.servers.reach(workerId, withAllLabs(context.reach ?? FLEET));
    const input = { reason: context.reason };
    return this.operations.accept({ kind: this.handler.kind, workerId, input }, context);
  }
}
