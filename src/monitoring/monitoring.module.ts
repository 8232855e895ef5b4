import { type DynamicModule, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { type TurnNote } from '../kernel/tick';
import { NoTracer, Tracer } from '../kernel/tracing';
import { FleetMetrics } from './fleet-metrics';
import { FleetProbes } from './fleet-probes';
import { FleetReadings } from './fleet-readings';
import { MONITORING_OPTIONS, type MonitoringOptions } from './monitoring.options';
import { ProcessMetrics } from './process-metrics';
import { RequestMetrics } from './request-metrics';
import { TickList } from './tick-list';

export interface MonitoringModuleOptions extends MonitoringOptions {
  /** modules that export their ticks; global ones need not be named */
  readonly imports: NonNullable<DynamicModule['imports']>;
}

/**
 * How the process and the fleet are, for machines that watch: health checks, metrics, spans of ticks. It knows all
 * modules, and none knows it. What a module counts of its own work it counts itself.
 */
@Module({})
export class MonitoringModule implements OnModuleInit {
  private readonly logger = new Logger('Ticks');

  constructor(
    private readonly ticks: TickList,
    private readonly process: ProcessMetrics,
    private readonly fleet: FleetMetrics,
    private readonly tracer: Tracer,
  ) {}

  static forRoot({ imports, ...options }: MonitoringModuleOptions): DynamicModule {
    return {
      module: MonitoringModule,
      imports,
      providers: [
        ...[FleetReadings, TickList, FleetProbes, ProcessMetrics, FleetMetrics, RequestMetrics],
        { provide: MONITORING_OPTIONS, useValue: options },
      ],
      exports: [FleetProbes, RequestMetrics],
    };
  }

  onModuleInit(): void {
    this.process.begin();
    this.fleet.begin();
    // the others look for work each second or two, mostly in vain
    for (const tick of this.ticks.leased) {
      tick.onTurn((note) => this.log(note));
      if (!(this.tracer instanceof NoTracer)) tick.doWithin((name, turn) => this.traced(name, turn));
    }
  }

  /** Why one failed has a line of its own. */
  private log({ name, durationMs, failed }: TurnNote): void {
    this.logger.debug({ tick: name, durationMs, outcome: failed ? 'failed' : 'done' }, 'turn ended');
  }

  private traced<T>(name: string, turn: () => Promise<T>): Promise<T> {
    return this.tracer.run({ name: `tick ${name}`, kind: 'internal' }, turn);
  }
}
