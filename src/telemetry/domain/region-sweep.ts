import { type ObservationError } from './observation';

/** One sweep over a region, by which one can tell what it saw: observations and worker events carry its id. */
export interface SweepToken {
  readonly id: string;
  /** fleet time */
  readonly begunAt: Date;
  /** whether it read the whole listing: only then does it say anything about what the listing lacks */
  readonly complete: boolean;
}

/** A region that lost many instances between two complete listings, without EC2 having shown their end. */
export interface Shrinkage {
  /** instances at the last complete listing before */
  readonly from: number;
  /** at the latest one, with those that EC2 knows by id */
  readonly to: number;
  /** fleet time at which the sweep that first saw it was begun */
  readonly at: Date;
}

/** How the latest sweep of a region went. Times are fleet time. */
export interface RegionSweep {
  readonly region: string;
  /** the latest one, however it went; null if that was by a version that gave its sweeps no id */
  readonly sweep: SweepToken | null;
  /** when the latest sweep that read the whole region was begun; null if none did */
  readonly sweptAt: Date | null;
  /** why the latest one failed; null where it did not */
  readonly lastError: ObservationError | null;
  /** why checks, scheduled events or spot interruptions could not be read; null where they could */
  readonly healthError: ObservationError | null;
  /** the AWS account whose instances are listed; null if AWS did not tell */
  readonly accountId: string | null;
  /** instances that were not at their end, at the latest complete listing; null if there was none */
  readonly size: number | null;
  /** null where the region did not shrink, or all that it lost is accounted for by now */
  readonly shrunk: Shrinkage | null;
  /** which replica swept it, and the fence of the lease that it did so under */
  readonly owner: string;
  readonly fence: number;
}

export type RegionState = 'ok' | 'failing' | 'unknown';

/** `unknown` is a region that was not swept yet, or not for longer than a reading may be old. */
export function regionState(sweep: RegionSweep | undefined, now: Date, maximalAgeMs: number): RegionState {
  if (sweep?.lastError) return 'failing';
  if (!sweep?.sweptAt || now.getTime() - sweep.sweptAt.getTime() > maximalAgeMs) return 'unknown';
  return 'ok';
}
