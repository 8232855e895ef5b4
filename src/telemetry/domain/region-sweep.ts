import { type ObservationError } from './observation';

/** How the latest sweep of a region went. Times are fleet time. */
export interface RegionSweep {
  readonly region: string;
  /** when the latest sweep that read the whole region was begun; null if none did */
  readonly sweptAt: Date | null;
  /** why the latest one failed; null where it did not */
  readonly lastError: ObservationError | null;
  /** the AWS account whose instances are listed; null if AWS did not tell */
  readonly accountId: string | null;
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
