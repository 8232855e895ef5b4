import { type Signal, type SignalInterval } from '../../../telemetry';

/**
 * Times of the intervals of one signal, by their places, in milliseconds since 1970. A replay asks for them again and
 * again, and goes through hundreds of thousands of intervals: each Date is looked up once.
 */
export interface IntervalTimes {
  /** when turns could know of each */
  readonly known: readonly number[];
  /** latest reading of each */
  readonly ends: readonly number[];
  /** when turns could know of a second reading; Infinity: never */
  readonly confirmed: readonly number[];
}

/** What is recorded of one signal, in the order of time. */
export interface SignalRecord {
  readonly intervals: readonly SignalInterval[];
  readonly times: IntervalTimes;
}

/** By signal, in the order in which they come first. */
export function signalRecords(intervals: readonly SignalInterval[]): ReadonlyMap<Signal, SignalRecord> {
  const records = new Map<Signal, ReturnType<typeof emptyRecord>>();
  for (const interval of intervals) {
    let record = records.get(interval.signal);
    if (!record) records.set(interval.signal, (record = emptyRecord()));
    const end = interval.to.getTime();
    record.intervals.push(interval);
    record.times.known.push(knownAt(interval));
    record.times.ends.push(end);
    record.times.confirmed.push(confirmedAt(interval, end));
  }
  return records;
}

export function emptyRecord() {
  const intervals: SignalInterval[] = [];
  const [known, ends, confirmed]: [number[], number[], number[]] = [[], [], []];
  return { intervals, times: { known, ends, confirmed } };
}

/** What an earlier version stored was known at once, as far as anybody can tell. */
function knownAt({ from, trail }: SignalInterval): number {
  return trail ? trail.knownAt.getTime() : from.getTime();
}

/** In what an earlier version stored: at the latest. */
function confirmedAt({ from, readings, longestGapMs, trail }: SignalInterval, end: number): number {
  if (trail) return trail.confirmedAt ? trail.confirmedAt.getTime() : Infinity;
  return readings < 2 ? Infinity : Math.min(from.getTime() + longestGapMs, end);
}
