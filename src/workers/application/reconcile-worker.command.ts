import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { WorkerReconciler } from './worker-reconciler';

/** Brings one worker a step closer to what is wanted. Idempotent. */
export class ReconcileWorker extends Command<void> {
  constructor(readonly workerId: string) {
    super();
  }
}

@CommandHandler(ReconcileWorker)
export class ReconcileWorkerHandler implements ICommandHandler<ReconcileWorker> {
  constructor(private readonly reconciler: WorkerReconciler) {}

  execute({ workerId }: ReconcileWorker): Promise<void> {
    return this.reconciler.reconcile(workerId);
  }
}
