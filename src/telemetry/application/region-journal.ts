import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Lease } from '../../event-store';
import { type ObservationError } from '../domain/observation';
import { RegionSweepStore } from '../domain/ports';
import { type RegionSweep, type Shrinkage } from '../domain/region-sweep';
import { shrinkage } from '../domain/shrinkage';
import { type Ec2Outcome } from './ec2-reader';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** Share of a region that may be gone from one listing to the next without alarm, percent. */
const SHRINK_ALARM_PERCENT = 20;

/** Keeps how the sweeps of each region go, and tells what a person should know of them. */
@Injectable()
export class RegionJournal {
  private readonly logger = new Logger('Regions');

  constructor(
    private readonly sweeps: RegionSweepStore,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  /** `expected` are the instances of the region's workers. @throws StoreUnavailable */
  async note(
    outcome: Ec2Outcome & { readonly sweepId: string },
    complete: boolean,
    expected: readonly string[],
    { owner, fence }: Lease,
  ): Promise<void> {
    const { region, sweepId, begunAt, accountId, error, healthError } = outcome;
    const before = (await this.sweeps.all()).get(region);
    const size = complete ? sizeOf(outcome) : (before?.size ?? null);
    const shrunk = complete ? this.shrunk(before, outcome, expected) : (before?.shrunk ?? null);
    this.tellError(region, before?.lastError ?? null, error);
    this.tellHealthError(region, before?.healthError ?? null, healthError);
    this.tellShrinkage(outcome, before?.shrunk ?? null, shrunk);
    await this.sweeps.save({
      region,
      sweep: { id: sweepId, begunAt, complete },
      sweptAt: error ? (before?.sweptAt ?? null) : begunAt,
      lastError: error,
      healthError,
      accountId: accountId ?? before?.accountId ?? null,
      ...{ size, shrunk, owner, fence },
    });
  }

  private shrunk(
    before: RegionSweep | undefined,
    { instances, begunAt }: Ec2Outcome,
    expected: readonly string[],
  ): Shrinkage | null {
    const shown = new Set(instances.map(({ instanceId }) => instanceId));
    const missing = expected.filter((id) => !shown.has(id)).length;
    const percent = this.options.shrinkAlarmPercent ?? SHRINK_ALARM_PERCENT;
    return shrinkage(before, { shown: shown.size, missing }, begunAt, percent);
  }

  /** A line when a region stops answering, fails otherwise than before, or answers again. */
  private tellError(region: string, before: ObservationError | null, now: ObservationError | null): void {
    if (before?.code === now?.code) return;
    if (now) this.logger.warn({ region, code: now.code, detail: now.message }, 'a region cannot be read');
    else this.logger.log({ region }, 'a region can be read again');
  }

  private tellHealthError(
    region: string,
    before: ObservationError | null,
    now: ObservationError | null,
  ): void {
    if (!now || before?.code === now.code) return;
    const told = "EC2's checks and plans for a region cannot be read; they are shown as they were";
    this.logger.warn({ region, code: now.code, detail: now.message }, told);
  }

  /** Once when it begins, once when it is over. */
  private tellShrinkage(
    { region, sweepId, notFound }: Ec2Outcome,
    before: Shrinkage | null,
    now: Shrinkage | null,
  ): void {
    if (!before === !now) return;
    if (now) {
      const { from, to } = now;
      const told = 'EC2 shows far fewer instances of a region than before; look whether they are gone';
      this.logger.error({ region, sweepId, from, to, unknownById: notFound.size }, told);
    } else {
      this.logger.log({ region, sweepId }, 'what a region lacked is there again, or accounted for');
    }
  }
}

function sizeOf({ instances }: Ec2Outcome): number {
  return instances.filter(({ status }) => status !== 'TERMINATED' && status !== 'SHUTTING_DOWN').length;
}
