import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { CMLWorkerStatus, GetActiveWorkers } from '../../workers';
import { type ObservationError } from '../domain/observation';
import { RegionSweepStore } from '../domain/ports';
import { type RegionState, regionState, type Shrinkage, type SweepToken } from '../domain/region-sweep';
import { ApiUsage, type RegionApiUsage } from './api-usage';
import { maximalAgeMs, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

interface RegionSummary {
  readonly name: string;
  readonly state: RegionState;
  /** fleet time at which the latest sweep that read the whole region was begun */
  readonly lastSweepAt: Date | null;
  readonly lastError: ObservationError | null;
  /** why EC2's checks, scheduled events or spot interruptions could not be read */
  readonly healthError: ObservationError | null;
  /** the latest sweep, however it went; null before the first */
  readonly sweep: SweepToken | null;
  readonly alarm: RegionAlarm | null;
  readonly accountId: string | null;
  /** workers that are managed and not terminated, by status */
  readonly workers: Readonly<Record<ActiveStatus, number>>;
}

/** EC2 shows far fewer instances than before. */
export type RegionAlarm = Shrinkage & { readonly code: 'region-shrunk' };
/** What the process that answers may call there, and what answers it. */
export type RegionView = RegionSummary & RegionApiUsage;

type ActiveStatus = Exclude<CMLWorkerStatus, 'TERMINATED'>;
export const ACTIVE_STATUSES = Object.values(CMLWorkerStatus).filter((status) => status !== 'TERMINATED');

/** The configured regions, in the order of the settings. */
export class GetRegions extends Query<RegionView[]> {}

@QueryHandler(GetRegions)
export class GetRegionsHandler implements IQueryHandler<GetRegions> {
  constructor(
    private readonly sweeps: RegionSweepStore,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
    private readonly usage: ApiUsage,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  async execute(): Promise<RegionView[]> {
    const [sweeps, workers] = await Promise.all([
      this.sweeps.all(),
      this.queries.execute(new GetActiveWorkers()),
    ]);
    return this.options.regions.map((name) => {
      const sweep = sweeps.get(name);
      const statuses = workers.filter(({ awsRegion }) => awsRegion === name).map(({ status }) => status);
      return {
        name,
        state: regionState(sweep, this.clock.now(), maximalAgeMs(this.options, 'ec2')),
        lastSweepAt: sweep?.sweptAt ?? null,
        lastError: sweep?.lastError ?? null,
        healthError: sweep?.healthError ?? null,
        sweep: sweep?.sweep ?? null,
        alarm: sweep?.shrunk ? { code: 'region-shrunk', ...sweep.shrunk } : null,
        accountId: sweep?.accountId ?? null,
        workers: countsOf(statuses),
        ...this.usage.of(name),
      };
    });
  }
}

function countsOf(statuses: readonly CMLWorkerStatus[]): Record<ActiveStatus, number> {
  const counts = ACTIVE_STATUSES.map((status) => [
    status,
    statuses.filter((candidate) => candidate === status).length,
  ]);
  return Object.fromEntries(counts) as Record<ActiveStatus, number>;
}
