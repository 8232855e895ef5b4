import { type IdlePolicy, longestAgeOf, type SignalState } from '../../../reaper';
import { GAPS_AT_MOST, type Signal, SIGNAL_SOURCE, type SignalInterval } from '../../../telemetry';
import { type Span } from './worker-past';

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
  private end = 0;
  private confirmed = Infinity;
  private readonly state: State;

  constructor(
    readonly signal: Signal,
    private readonly intervals: readonly SignalInterval[],
  ) {
    const never = new Date(0);
    const source = SIGNAL_SOURCE[signal];
    this.state = { value: 'unknown', from: never, to: never, readings: 0, source, observedAt: null };
    this.nextKnown = this.knownAtPlace(0);
  }

  /** The interval that is known at the time of the latest `advance`; undefined: none yet. */
  get current(): SignalInterval | undefined {
    return this.intervals[this.place];
  }

  /** Latest reading that succeeded, as known at the time of the latest `at`. */
  get observedAt(): Date | null {
    return this.place < 0 ? null : this.state.observedAt;
  }

  /** Goes on to that time, which is never before that of an earlier call. True where another interval is known by it. */
  advance(now: number): boolean {
    if (this.nextKnown > now) return false;
    while (this.nextKnown <= now) {
      const left = this.current;
      if (left && left.trail?.failed !== true) this.lastGood = left.to;
      this.place += 1;
      this.nextKnown = this.knownAtPlace(this.place + 1);
    }
    const { current, state } = this;
    if (!current) return false;
    this.gap = 0;
    this.end = current.to.getTime();
    this.confirmed = confirmedAt(current).getTime();
    state.value = current.value;
    state.from = current.from;
    return true;
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

  private knownAtPlace(place: number): number {
    const interval = this.intervals[place];
    return interval ? knownAt(interval).getTime() : Infinity;
  }
}

/** Times at which what a turn sees of these intervals of one signal changes, or grows too old. */
export function turningTimes(intervals: readonly SignalInterval[], policy: IdlePolicy): number[] {
  const times: number[] = [];
  for (const [index, interval] of intervals.entries()) {
    const { signal, to, trail } = interval;
    const maximalAge = longestAgeOf(signal, policy);
    times.push(knownAt(interval).getTime());
    // how often it was read is asked of what is idle only
    const second = interval.value === 'idle' ? confirmedAt(interval) : NEVER;
    if (second !== NEVER) times.push(second.getTime());
    for (const gap of trail?.gaps ?? []) {
      if (gap.until.getTime() - gap.from.getTime() <= maximalAge) continue;
      times.push(gap.from.getTime() + maximalAge + 1, gap.until.getTime());
    }
    const next = intervals[index + 1];
    const old = to.getTime() + maximalAge + 1;
    if (!next || next.trail?.failed || knownAt(next).getTime() > old) times.push(old);
  }
  return times;
}

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

const NEVER = new Date(8.64e15);

/** When turns could know of it; what an earlier version stored was known at once, as far as anybody can tell. */
export function knownAt({ from, trail }: SignalInterval): Date {
  return trail?.knownAt ?? from;
}

/** When turns could know of a second reading; in what an earlier version stored: at the latest. */
function confirmedAt({ from, to, readings, longestGapMs, trail }: SignalInterval): Date {
  if (trail) return trail.confirmedAt ?? NEVER;
  if (readings < 2) return NEVER;
  return new Date(Math.min(from.getTime() + longestGapMs, to.getTime()));
}
