import { type Observation } from './observation';

export type Freshness = 'fresh' | 'stale' | 'missing';

/** Whether what a source last said may still be relied on; a source that never answered is `missing`. */
export function freshnessOf(
  observation: Observation | undefined,
  now: Date,
  maximalAgeMs: number,
): Freshness {
  if (!observation?.observedAt) return 'missing';
  return now.getTime() - observation.observedAt.getTime() > maximalAgeMs ? 'stale' : 'fresh';
}
