import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { mustBeWithinCap, SnoozeCap } from '../domain/snooze-cap';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt, wishOf } from './wish-of';

/** No automatic stop until a time (fleet time); null lifts it. @throws InvalidInput when the policy allows less */
export class SnoozeWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly until: Date | null,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
    /** what of the request says until when */
    readonly pointer: '/until' | '/minutes' = '/until',
  ) {
    super();
  }
}

@CommandHandler(SnoozeWorker)
export class SnoozeWorkerHandler implements ICommandHandler<SnoozeWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly cap: SnoozeCap,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, until, context, expectedRevision, pointer }: SnoozeWorker): Promise<WorkerState> {
    const now = this.clock.now();
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      if (until) mustBeWithinCap(until, this.cap.minutesFor(worker.state), now, pointer);
      worker.snooze(until && { until, ...wishOf(context, now) }, now);
    });
    return worker.state;
  }
}
