import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { type Turn } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { GetActiveWorkers } from '../../workers';
import { CmlObserver, type ReachableWorker } from './cml-observer';
import { Ec2Sweep } from './ec2-sweep';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** One sweep over a region: EC2, and the CML servers of what runs there. Never rejects. */
export class ObserveFleet extends Command<void> {
  constructor(
    readonly region: string,
    readonly turn: Turn,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Per region, so that servers of one that do not answer hold up no other. */
const CONCURRENCY = 50;

/** Nothing that goes wrong with EC2 or with one worker keeps another from being observed; a lost lease ends the sweep. */
@CommandHandler(ObserveFleet)
export class ObserveFleetHandler implements ICommandHandler<ObserveFleet> {
  private readonly logger = new Logger(ObserveFleet.name);

  constructor(
    private readonly sweep: Ec2Sweep,
    private readonly observer: CmlObserver,
    private readonly queries: QueryBus,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  async execute({ region, turn, context }: ObserveFleet): Promise<void> {
    await this.guarded({ region }, () => this.sweep.sweepRegion(region, turn.lease, context));
    await this.guarded({ region }, () => this.observeServers(region, turn, context));
  }

  private async observeServers(region: string, turn: Turn, context: CommandContext): Promise<void> {
    if (!this.options.cmlEnabled) return;
    const workers = await this.queries.execute(new GetActiveWorkers(region));
    const reachable = workers.flatMap((worker) => this.observer.reachable(worker) ?? []);
    const limit = pLimit(this.options.concurrency ?? CONCURRENCY);
    const observe = async (one: ReachableWorker) => {
      if (!turn.stillHeld()) return;
      await this.guarded({ region, workerId: one.worker.id }, () => this.observer.observe(one, context));
    };
    await Promise.all(reachable.map((one) => limit(() => observe(one))));
  }

  private async guarded(what: object, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.logger.error({ err, ...what }, 'an observation failed; the next sweep tries again');
    }
  }
}
