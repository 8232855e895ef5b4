import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { hasEnded, type Operation } from '../domain/operation';
import { OperationHasEnded, OperationNotFound } from '../domain/operation-errors';
import { OperationStore } from '../domain/ports';
import { OperationRunner } from './operation-runner';

/**
 * Wants an operation to end: it does before its next step, with what it has done until then. A no-op on one that is
 * cancelled already. @throws OperationNotFound, OperationHasEnded
 */
export class CancelOperation extends Command<Operation> {
  constructor(
    readonly operationId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CancelOperation)
export class CancelOperationHandler implements ICommandHandler<CancelOperation> {
  constructor(
    private readonly store: OperationStore,
    private readonly runner: OperationRunner,
  ) {}

  async execute({ operationId, context }: CancelOperation): Promise<Operation> {
    await this.store.requestCancel(operationId, context.actor);
    const operation = await this.store.find(operationId);
    if (!operation) throw new OperationNotFound(operationId);
    if (hasEnded(operation) && operation.state !== 'cancelled')
      throw new OperationHasEnded(operationId, operation.state);
    this.runner.nudge();
    return operation;
  }
}
