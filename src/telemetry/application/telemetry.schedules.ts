import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type LeasedTick, type LeasedTickGroup, LeasedTicks } from '../../event-store';
import { FleetClock, SECOND } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { ObserveFleet } from './observe-fleet.command';
import { ObserveMetrics } from './observe-metrics.command';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** All ticks of the module, one of each for each region. */
@Injectable()
export class TelemetrySchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly observe: LeasedTickGroup;
  readonly observeMetrics: LeasedTickGroup;

  constructor(
    private readonly commands: CommandBus,
    ticks: LeasedTicks,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {
    const { regions } = options;
    this.observe = ticks.group('observe', regions, (region, turn) =>
      this.commands.execute(new ObserveFleet(region, turn, systemContext('telemetry', this.ids.next()))),
    );
    this.observeMetrics = ticks.group('observe-metrics', regions, (region) =>
      this.commands.execute(new ObserveMetrics(region)),
    );
  }

  /** Those that are in use: without CloudWatch its tick is not among them. */
  get ticks(): readonly LeasedTick[] {
    const metrics = this.options.cloudwatchSeconds > 0 ? this.observeMetrics.ticks : [];
    return [...this.observe.ticks, ...metrics];
  }

  start(): void {
    const { observeSeconds, cloudwatchSeconds } = this.options;
    this.observe.every(this.clock.toMachineMs(observeSeconds * SECOND));
    if (cloudwatchSeconds > 0) {
      this.observeMetrics.every(this.clock.toMachineMs(cloudwatchSeconds * SECOND));
    }
  }

  /** Resolves when the turns under way have ended. */
  async stop(): Promise<void> {
    await Promise.all([this.observe.stop(), this.observeMetrics.stop()]);
  }

  onApplicationBootstrap(): void {
    if (this.options.autostart) this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}
