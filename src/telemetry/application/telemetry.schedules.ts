import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { each, type LeasedTick, type LeasedTickGroup, LeasedTicks } from '../../event-store';
import { FleetClock, SECOND } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { CmlObserver } from './cml-observer';
import { cmlTurnMs, ObserveCml } from './observe-cml.command';
import { ObserveFleet } from './observe-fleet.command';
import { ObserveMetrics } from './observe-metrics.command';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** All ticks of the module, one of each for each region. */
@Injectable()
export class TelemetrySchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly observe: LeasedTickGroup;
  readonly observeCml: LeasedTickGroup;
  readonly observeMetrics: LeasedTickGroup;

  constructor(
    private readonly commands: CommandBus,
    ticks: LeasedTicks,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
    private readonly cml: CmlObserver,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {
    const { regions } = options;
    this.observe = ticks.group('observe', regions, (region, turn) =>
      this.commands.execute(new ObserveFleet(region, turn, systemContext('telemetry', this.ids.next()))),
    );
    this.observeCml = ticks.group('observe-cml', regions, (region, turn) =>
      this.commands.execute(new ObserveCml(region, turn, systemContext('telemetry', this.ids.next()))),
    );
    this.observeMetrics = ticks.group('observe-metrics', regions, (region) =>
      this.commands.execute(new ObserveMetrics(region)),
    );
  }

  /** Those that are in use: without CloudWatch its tick is not among them. */
  get ticks(): readonly LeasedTick[] {
    const metrics = this.options.cloudwatchSeconds > 0 ? this.observeMetrics.ticks : [];
    return [...this.observe.ticks, ...this.observeCml.ticks, ...metrics];
  }

  start(): void {
    const { observeSeconds, cloudwatchSeconds } = this.options;
    this.observe.every(this.clock.toMachineMs(observeSeconds * SECOND));
    // what a process remembers of a region's servers is of use to its own turns only
    this.observeCml.follow({ ...each(cmlTurnMs(this.clock)), sticky: true });
    if (cloudwatchSeconds > 0) {
      this.observeMetrics.every(this.clock.toMachineMs(cloudwatchSeconds * SECOND));
    }
  }

  /** Resolves when the turns under way have ended, and the readings that outlast theirs. */
  async stop(): Promise<void> {
    await Promise.all([this.observe.stop(), this.observeCml.stop(), this.observeMetrics.stop()]);
    await this.cml.idle();
  }

  /** Observes EC2, and then what is due of CML, by hand. Resolves when all of it is read. */
  async observeNow(): Promise<void> {
    await this.observe.run();
    await this.observeCml.run();
    await this.cml.idle();
  }

  onApplicationBootstrap(): void {
    if (this.options.autostart) this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}
