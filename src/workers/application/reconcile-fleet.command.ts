import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { type Turn } from '../../event-store';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { nextAction } from '../domain/next-action';
import { WorkerRepository } from '../domain/ports';
import { WorkerReconciler } from './worker-reconciler';
import { WORKERS_OPTIONS, type WorkersOptions } from './workers.options';

/** Those that wait for the same kind of call go out together, and the budget of the region holds back the rest. */
const AT_ONCE = 100;

/** Compares what is wanted with what was observed, for each worker of a region, and acts on the difference. */
export class ReconcileFleet extends Command<void> {
  constructor(
    /** null: those whose region is not configured (any more) */
    readonly region: string | null,
    readonly turn: Turn,
  ) {
    super();
  }
}

@CommandHandler(ReconcileFleet)
export class ReconcileFleetHandler implements ICommandHandler<ReconcileFleet> {
  private readonly logger = new Logger(ReconcileFleetHandler.name);

  constructor(
    private readonly workers: WorkerRepository,
    private readonly reconciler: WorkerReconciler,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(WORKERS_OPTIONS) private readonly options: WorkersOptions,
  ) {}

  async execute({ region, turn }: ReconcileFleet): Promise<void> {
    const { forceOverdueStop } = this.options;
    const circumstances = { now: this.clock.now(), machineNow: this.machine.now(), forceOverdueStop };
    const where = region === null ? { outside: this.options.regions } : { in: region };
    const due = (await this.workers.getActiveWorkers(where)).filter((worker) => {
      const action = nextAction(worker, circumstances);
      return action !== 'none' && action !== 'wait';
    });
    const limit = pLimit(AT_ONCE);
    await Promise.all(due.map(({ id }) => limit(() => this.reconcile(id, turn))));
  }

  /** One worker's trouble never holds up the others. A lost lease ends the turn. */
  private async reconcile(workerId: string, turn: Turn): Promise<void> {
    if (!turn.stillHeld()) return;
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
