import { type RegionSweep, type Shrinkage } from './region-sweep';

/** A few instances come and go in any region: so many are no alarm, whatever their share. */
const ALWAYS_ALLOWED = 10;

/** What a complete listing counted, with the instances that it lacked and that were asked for by id. */
export interface RegionCount {
  /** all that EC2 showed, those included that it shows at their end: what ended is accounted for */
  readonly shown: number;
  /** workers of the region whose instance EC2 did not show */
  readonly missing: number;
}

/**
 * Whether a region shrank: by more than a share of what it had at the last complete listing, and by more than a few.
 * It stays so until most of that is there again, or no worker misses its instance any more; the next sweeps count
 * against what the region had before, and keep when it was first seen.
 */
export function shrinkage(
  before: Pick<RegionSweep, 'size' | 'shrunk'> | undefined,
  { shown, missing }: RegionCount,
  begunAt: Date,
  alarmPercent: number,
): Shrinkage | null {
  const shrunk = before?.shrunk ?? null;
  const from = shrunk?.from ?? before?.size ?? 0;
  const lost = from - shown;
  if (lost <= ALWAYS_ALLOWED || lost * 100 <= from * alarmPercent) return null;
  if (shrunk && missing === 0) return null;
  return { from, to: shown, at: shrunk?.at ?? begunAt };
}
