import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { nextAction } from '../domain/next-action';
import { WorkerRepository } from '../domain/ports';
import { WorkerReconciler } from './worker-reconciler';

/** EC2's RunInstances and StartInstances allow two requests a second: more at once would only queue there. */
const AT_ONCE = 8;

/** Compares what is wanted with what was observed, for every worker, and acts on the difference. */
export class ReconcileFleet extends Command<void> {}

@CommandHandler(ReconcileFleet)
export class ReconcileFleetHandler implements ICommandHandler<ReconcileFleet> {
  private readonly logger = new Logger(ReconcileFleetHandler.name);

  constructor(
    private readonly workers: WorkerRepository,
    private readonly reconciler: WorkerReconciler,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  async execute(): Promise<void> {
    const [now, machineNow] = [this.clock.now(), this.machine.now()];
    const due = (await this.workers.getActiveWorkers()).filter((worker) => {
      const action = nextAction(worker, now, machineNow);
      return action !== 'none' && action !== 'wait';
    });
    const limit = pLimit(AT_ONCE);
    await Promise.all(due.map(({ id }) => limit(() => this.reconcile(id))));
  }

  /** One worker's trouble never holds up the others. */
  private async reconcile(workerId: string): Promise<void> {
    try {
      await this.reconciler.reconcile(workerId);
    } catch (error) {
      this.logger.error(
        { err: error, workerId },
        'could not reconcile the worker; the next tick tries again',
      );
    }
  }
}
