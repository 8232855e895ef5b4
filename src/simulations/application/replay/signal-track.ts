import { type IdlePolicy, longestAgeOf, type SignalState } from '../../../reaper';
import { GAPS_AT_MOST, type Signal, SIGNAL_SOURCE, type SignalInterval } from '../../../telemetry';
import { type SignalRecord } from './signal-record';
import { type Span } from './worker-past';

const NO_GAPS: readonly ReadingGap[] = [];

type State = { -readonly [K in keyof SignalState]: SignalState[K] };

/**
 * One signal as a turn saw it at each time, in the order of time. Within an interval it was read again and again, and
 * was fresh but in the gaps that are noted: how fresh to the second is not recorded, and decides nothing. It is asked
 * millions of times, so that it counts in milliseconds and answers the same object each time.
 */
export class SignalTrack {
  private place = -1;
  private gap = 0;
  private lastGood: Date | null = null;
  private nextKnown: number;
  /** of the interval that is known; milliseconds since 1970 */
  private end = -Infinity;
  private confirmed = Infinity;
  private readonly state: State;

  constructor(
    readonly signal: Signal,
    private readonly record: SignalRecord,
  ) {
    const never = new Date(0);
    const source = SIGNAL_SOURCE[signal];
    this.state = { value: 'unknown', from: never, to: never, readings: 0, source, observedAt: null };
    this.nextKnown = record.times.known[0] ?? Infinity;
  }

  /** The interval that is known at the time of the latest `advance`; undefined: none yet. */
  get current(): SignalInterval | undefined {
    return this.record.intervals[this.place];
  }

  /** Latest reading that succeeded, as known at the time of the latest `at`. */
  get observedAt(): Date | null {
    return this.place < 0 ? null : this.state.observedAt;
  }

  /** Latest reading of the interval that is known, milliseconds since 1970; -Infinity: none is. */
  get readUntil(): number {
    return this.end;
  }

  /** Goes on to that time, which is never before that of an earlier call. True where another interval is known by it. */
  advance(now: number): boolean {
    if (this.nextKnown > now) return false;
    const { times } = this.record;
    while (this.nextKnown <= now) {
      const left = this.current;
      if (left && left.trail?.failed !== true) this.lastGood = left.to;
      this.place += 1;
      this.nextKnown = times.known[this.place + 1] ?? Infinity;
    }
    const { current, state } = this;
    if (!current) return false;
    this.gap = 0;
    this.end = times.ends[this.place] ?? -Infinity;
    this.confirmed = times.confirmed[this.place] ?? Infinity;
    state.value = current.value;
    state.from = current.from;
    return true;
  }

  /**
   * From the time of the latest `at` up to this one, not included, each turn finds a fresh reading with the same value:
   * none is older than `maximalAge`, milliseconds. What is not after that time says nothing.
   */
  steadyUntil(now: number, maximalAge: number): number {
    const { current } = this;
    if (!current || current.trail?.failed === true || current.from.getTime() > now) return -Infinity;
    const gaps = current.trail?.gaps ?? NO_GAPS;
    let old = this.end + maximalAge + 1;
    for (const { from, until } of gaps) {
      const isAhead = until.getTime() > now && until.getTime() - from.getTime() > maximalAge;
      if (isAhead) old = Math.min(old, from.getTime() + maximalAge + 1);
    }
    return Math.min(this.nextKnown, old);
  }

  /** How it stands at the time that it has gone on to. */
  at(now: Date): SignalState | undefined {
    const { current, state } = this;
    if (!current) return undefined;
    const time = now.getTime();
    state.to = time >= this.end ? current.to : this.readingWithin(current, now, time);
    state.readings = time >= this.end ? current.readings : time >= this.confirmed ? 2 : 1;
    state.observedAt = current.trail?.failed === true ? this.lastGood : state.to;
    return state;
  }

  private readingWithin({ from, trail }: SignalInterval, now: Date, time: number): Date {
    if (trail && trail.gaps.length > 0) {
      let gap = trail.gaps[this.gap];
      for (; gap && gap.until.getTime() <= time; gap = trail.gaps[this.gap]) this.gap += 1;
      if (gap && gap.from.getTime() <= time) return gap.from;
    }
    return time < from.getTime() ? from : now;
  }
}

/** Milliseconds since 1970. */
export interface TurningTimes {
  /** at which what a turn sees of a signal changes, or grows too old */
  readonly changes: number[];
  /** at which an idle signal is confirmed by its second reading, which is asked of an idle window only */
  readonly confirmations: number[];
}

/** Adds those of these intervals of one signal. */
export function addTurningTimes(
  { changes, confirmations }: TurningTimes,
  { intervals, times }: SignalRecord,
  policy: IdlePolicy,
): void {
  const [first] = intervals;
  if (!first) return;
  const maximalAge = longestAgeOf(first.signal, policy);
  let known = times.known[0] ?? Infinity;
  for (let place = 0; place < intervals.length; place += 1) {
    const interval = intervals[place];
    if (!interval) continue;
    changes.push(known);
    if (interval.value === 'idle') confirmations.push(times.confirmed[place] ?? Infinity);
    const gaps = interval.trail?.gaps;
    if (gaps && gaps.length > 0) addOldTimes(changes, gaps, maximalAge);
    const old = (times.ends[place] ?? -Infinity) + maximalAge + 1;
    known = times.known[place + 1] ?? Infinity;
    if (known > old || intervals[place + 1]?.trail?.failed) changes.push(old);
  }
}

/** When the latest reading was too old in gaps, and when there was another. */
function addOldTimes(times: number[], gaps: readonly ReadingGap[], maximalAge: number): void {
  for (const { from, until } of gaps) {
    const [begin, end] = [from.getTime(), until.getTime()];
    if (end - begin > maximalAge) times.push(begin + maximalAge + 1, end);
  }
}

type ReadingGap = NonNullable<SignalInterval['trail']>['gaps'][number];

/**
 * The times in which a turn saw what these intervals do not tell, so that the replay is a guess there. Gaps of more than
 * `notedGapMs` are in the trail.
 */
export function unclearTimes(
  intervals: readonly SignalInterval[],
  policy: IdlePolicy,
  notedGapMs: (signal: Signal) => number,
): Span[] {
  return intervals.flatMap((interval) => {
    const { signal, from, to, longestGapMs, trail } = interval;
    if (!trail) return [{ from, to }];
    const maximalAge = longestAgeOf(signal, policy);
    if (longestGapMs <= maximalAge) return [];
    if (maximalAge < notedGapMs(signal)) return [{ from, to }];
    if (trail.gaps.length < GAPS_AT_MOST) return [];
    return [{ from: trail.gaps.at(-1)?.until ?? from, to }];
  });
}
