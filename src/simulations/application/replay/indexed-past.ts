import { type Signal, type SignalInterval } from '../../../telemetry';
import { RealUses } from './real-uses';
import { knownTimes } from './signal-track';
import { type WorkerPast } from './worker-past';

/** What is recorded of one worker, sorted once for all replays of it. */
export class IndexedPast {
  readonly moments: WorkerPast['moments'];
  readonly bySignal: ReadonlyMap<Signal, readonly SignalInterval[]>;
  /** when turns could know of each of these intervals, milliseconds since 1970 */
  readonly known: ReadonlyMap<Signal, Float64Array>;
  readonly uses: RealUses;

  constructor({ moments, intervals }: WorkerPast) {
    this.moments = moments;
    this.bySignal = bySignal(intervals);
    this.known = new Map([...this.bySignal].map(([signal, some]) => [signal, knownTimes(some)]));
    this.uses = new RealUses(moments, this.bySignal);
  }
}

export function bySignal(intervals: readonly SignalInterval[]): ReadonlyMap<Signal, SignalInterval[]> {
  const grouped = new Map<Signal, SignalInterval[]>();
  for (const interval of intervals) {
    const group = grouped.get(interval.signal);
    if (group) group.push(interval);
    else grouped.set(interval.signal, [interval]);
  }
  return grouped;
}
