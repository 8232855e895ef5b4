import { type LabChange } from '../domain/lab-change';
import { type Lab } from './lab-client';

/** When labs were seen to start, by what the history has; one that is missing started before, or nobody saw it. */
export function startsIn(changes: readonly LabChange[]): Map<string, Date> {
  const starts = changes.filter(({ to, since }) => to === 'STARTED' && since !== null);
  return new Map(starts.map(({ labId, at }) => [labId, at]));
}

/**
 * The lab that started last comes first: a later one may use what an earlier one offers, seldom the other way round. Of
 * those whose start nobody saw the one that was made last comes first, after the others.
 */
export function latestStartedFirst(labs: readonly Lab[], starts: ReadonlyMap<string, Date>): Lab[] {
  const startOf = ({ id }: Lab) => starts.get(id)?.getTime() ?? -Infinity;
  const madeAt = ({ createdAt }: Lab) => createdAt?.getTime() ?? -Infinity;
  return [...labs].sort(
    (a, b) =>
      descending(startOf(a), startOf(b)) || descending(madeAt(a), madeAt(b)) || (a.id < b.id ? -1 : 1),
  );
}

/** As a comparison: two that are unknown are equal. */
function descending(a: number, b: number): number {
  return a === b ? 0 : b - a;
}
