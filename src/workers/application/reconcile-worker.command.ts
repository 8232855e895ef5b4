import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { WorkerReconciler } from './worker-reconciler';

/** Brings one worker a step closer to what is wanted. Idempotent. What is done is part of what the id names, if any. */
export class ReconcileWorker extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly correlationId: string | null = null,
  ) {
    super();
  }
}

@CommandHandler(ReconcileWorker)
export class ReconcileWorkerHandler implements ICommandHandler<ReconcileWorker> {
  constructor(private readonly reconciler: WorkerReconciler) {}

  execute({ workerId, correlationId }: ReconcileWorker): Promise<void> {
    return this.reconciler.reconcile(workerId, correlationId);
  }
}
