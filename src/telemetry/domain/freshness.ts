import { type Observation } from './observation';

export type Freshness = 'fresh' | 'stale' | 'missing';

/**
 * Whether what a source last said may still be relied on; a source that never answered is `missing`. CloudWatch is as
 * fresh as its newest point: that it was asked a moment ago says nothing about how old its answer is.
 */
export function freshnessOf(
  observation: Observation | undefined,
  now: Date,
  maximalAgeMs: number,
): Freshness {
  const at = observation && dateOf(observation);
  if (!at) return 'missing';
  return now.getTime() - at.getTime() > maximalAgeMs ? 'stale' : 'fresh';
}

function dateOf({ source, values, observedAt }: Observation): Date | null {
  if (source !== 'cloudwatch') return observedAt;
  const points = Object.values(values ?? {}) as ({ readonly at?: Date } | null)[];
  // one that an earlier version stored is a bare number
  const times = points.flatMap((point) => point?.at?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}
