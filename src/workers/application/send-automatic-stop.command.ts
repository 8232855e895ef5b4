import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { WorkerReconciler } from './worker-reconciler';

/**
 * Sends the automatic stop that this decision has asked for, if it still may be sent. For the turn that probed: whoever
 * finds the wish otherwise leaves it alone. What AWS refuses is told on the worker.
 */
export class SendAutomaticStop extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly decisionId: string,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(SendAutomaticStop)
export class SendAutomaticStopHandler implements ICommandHandler<SendAutomaticStop> {
  constructor(private readonly reconciler: WorkerReconciler) {}

  execute({ workerId, decisionId, correlationId }: SendAutomaticStop): Promise<void> {
    return this.reconciler.carryOut(workerId, correlationId, decisionId);
  }
}
