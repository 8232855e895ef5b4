import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import pLimit, { type LimitFunction } from 'p-limit';
import { type CommandContext } from '../../kernel/command-context';
import { GetActiveWorkers } from '../../workers';
import { CmlObserver } from './cml-observer';
import { Ec2Sweep } from './ec2-sweep';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** One sweep over the fleet: EC2 region by region, and the CML servers of what runs there. Never rejects. */
export class ObserveFleet extends Command<void> {
  constructor(readonly context: CommandContext) {
    super();
  }
}

const CONCURRENCY = 50;

/** Nothing that goes wrong with one region or worker keeps another from being observed. */
@CommandHandler(ObserveFleet)
export class ObserveFleetHandler implements ICommandHandler<ObserveFleet> {
  private readonly logger = new Logger(ObserveFleet.name);
  private readonly limit: LimitFunction;

  constructor(
    private readonly sweep: Ec2Sweep,
    private readonly observer: CmlObserver,
    private readonly queries: QueryBus,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {
    this.limit = pLimit(options.concurrency ?? CONCURRENCY);
  }

  async execute({ context }: ObserveFleet): Promise<void> {
    await Promise.all(this.options.regions.map((region) => this.observeRegion(region, context)));
  }

  /** CML is read as soon as its own region is swept: a slow region delays only itself. */
  private async observeRegion(region: string, context: CommandContext): Promise<void> {
    await this.guarded({ region }, () => this.sweep.sweepRegion(region, context));
    await this.guarded({ region }, () => this.observeServers(region, context));
  }

  private async observeServers(region: string, context: CommandContext): Promise<void> {
    const workers = await this.queries.execute(new GetActiveWorkers());
    const reachable = workers
      .filter(({ awsRegion }) => awsRegion === region)
      .flatMap((worker) => this.observer.reachable(worker) ?? []);
    await Promise.all(
      reachable.map((one) =>
        this.limit(() =>
          this.guarded({ region, workerId: one.worker.id }, () => this.observer.observe(one, context)),
        ),
      ),
    );
  }

  private async guarded(what: object, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.logger.error({ err, ...what }, 'an observation failed; the next sweep tries again');
    }
  }
}
