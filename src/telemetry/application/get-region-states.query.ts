import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { RegionSweepStore } from '../domain/ports';
import { type RegionState, regionState } from '../domain/region-sweep';
import { ApiUsage } from './api-usage';
import { maximalAgeMs, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** What can be told of a region without a look at its workers. */
export interface RegionStatus {
  readonly name: string;
  readonly state: RegionState;
  /** fleet milliseconds since the latest sweep that read the whole region was begun; null: none did */
  readonly sweepAgeMs: number | null;
  /** of the error of the latest sweep; null where it went well */
  readonly errorCode: string | null;
  /** services that this process leaves alone, since they do not answer */
  readonly openCircuits: readonly string[];
}

/** The configured regions, in the order of the settings. */
export class GetRegionStates extends Query<RegionStatus[]> {}

@QueryHandler(GetRegionStates)
export class GetRegionStatesHandler implements IQueryHandler<GetRegionStates> {
  constructor(
    private readonly sweeps: RegionSweepStore,
    private readonly clock: FleetClock,
    private readonly usage: ApiUsage,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  async execute(): Promise<RegionStatus[]> {
    const sweeps = await this.sweeps.all();
    const now = this.clock.now();
    return this.options.regions.map((name) => {
      const sweep = sweeps.get(name);
      const circuits = this.usage.of(name).circuits.filter(({ state }) => state !== 'closed');
      return {
        name,
        state: regionState(sweep, now, maximalAgeMs(this.options, 'ec2')),
        sweepAgeMs: sweep?.sweptAt ? now.getTime() - sweep.sweptAt.getTime() : null,
        errorCode: sweep?.lastError?.code ?? null,
        openCircuits: circuits.map(({ service }) => service),
      };
    });
  }
}
