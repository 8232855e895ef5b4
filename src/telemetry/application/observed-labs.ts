import { Inject, Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { LabCensus } from '../../workers';
import { isRefused } from '../domain/cml-versions';
import { freshnessOf } from '../domain/freshness';
import { ObservationStore } from '../domain/ports';
import { maximalAgeMs, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/**
 * The labs as CML last said, as long as that is fresh. A reading that failed since makes it no older than it is: else
 * one lost packet would forbid what a sweep that is a second younger allows. None, by a version of CML that is not
 * understood, is unknown.
 */
@Injectable()
export class ObservedLabs extends LabCensus {
  constructor(
    private readonly observations: ObservationStore,
    private readonly clock: FleetClock,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {
    super();
  }

  async runningLabs(workerId: string): Promise<number | null> {
    const found = await this.observations.ofMany([workerId], ['cml-labs', 'cml-system']);
    const { 'cml-labs': labs, 'cml-system': system } = found.get(workerId) ?? {};
    const freshness = freshnessOf(labs, this.clock.now(), maximalAgeMs(this.options, 'cml-labs'));
    const running = freshness === 'fresh' ? (labs?.values?.running ?? null) : null;
    const understood = !isRefused(system?.values?.version ?? null);
    return understood || running !== 0 ? running : null;
  }
}
