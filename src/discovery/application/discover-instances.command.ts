import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { type Operation, Operations } from '../../operations';
import { type DiscoveryOrder } from '../domain/discovery';
import { DiscoveryHandler } from './discovery.handler';

/** Has instances looked for, and imported if that is wanted. Answers the operation that does it. */
export class DiscoverInstances extends Command<Operation> {
  constructor(
    readonly order: DiscoveryOrder,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DiscoverInstances)
export class DiscoverInstancesHandler implements ICommandHandler<DiscoverInstances> {
  constructor(
    private readonly operations: Operations,
    private readonly handler: DiscoveryHandler,
  ) {}

  execute({ order, context }: DiscoverInstances): Promise<Operation> {
    const { kind } = this.handler;
    return this.operations.accept({ kind, workerId: null, input: { ...order } }, context);
  }
}
