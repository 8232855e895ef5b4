import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { type Lane } from '../domain/cml-source';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** Servers of one lane that are read side by side by this process, of all regions together. */
const CONCURRENCY = 100;

/** Lets servers that answer never wait for those that do not. */
@Injectable()
export class CmlLanes {
  private readonly limits: Readonly<Record<Lane, ReturnType<typeof pLimit>>>;

  constructor(@Inject(TELEMETRY_OPTIONS) { concurrency = CONCURRENCY }: TelemetryOptions) {
    this.limits = { answering: pLimit(concurrency), silent: pLimit(concurrency) };
  }

  /** Does the work when there is room in the lane. */
  run(lane: Lane, work: () => Promise<void>): Promise<void> {
    return this.limits[lane](work);
  }
}
