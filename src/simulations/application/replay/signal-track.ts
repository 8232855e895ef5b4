import { SECOND } from '../../../kernel/clocks';
import { type IdlePolicy, type SignalState } from '../../../reaper';
import { GAPS_AT_MOST, type Signal, SIGNAL_SOURCE, type SignalInterval } from '../../../telemetry';
import { type Span } from './worker-past';

/** Signals whose source is read less often, and whose readings may be older. */
const OF_ACTIVITY: readonly Signal[] = ['activity', 'sessions'];

type State = { -readonly [K in keyof SignalState]: SignalState[K] };

/**
 * One signal as a turn saw it at each time, in the order of time. Within an interval it was read again and again, and
 * was fresh but in the gaps that are noted: how fresh to the second is not recorded, and decides nothing.
 */
export class SignalTrack {
  private place = -1;
  private gap = 0;
  private lastGood: Date | null = null;
  private readonly state: State;

  constructor(
    readonly signal: Signal,
    private readonly intervals: readonly SignalInterval[],
  ) {
    const never = new Date(0);
    const source = SIGNAL_SOURCE[signal];
    this.state = { value: 'unknown', from: never, to: never, readings: 0, source, observedAt: null };
  }

  /** The interval that is known at the time of the latest `at`; undefined: none yet. */
  get current(): SignalInterval | undefined {
    return this.intervals[this.place];
  }

  /** Latest reading that succeeded, as known at the time of the latest `at`. */
  get observedAt(): Date | null {
    return this.current ? this.state.observedAt : null;
  }

  /** How it stands now, which is never before the time of an earlier call; the same object each time. */
  at(now: Date): SignalState | undefined {
    this.advance(now);
    const current = this.current;
    if (!current) return undefined;
    const { state } = this;
    const failed = current.trail?.failed === true;
    state.value = current.value;
    state.from = current.from;
    state.to = this.latestReading(current, now);
    state.readings = now >= current.to ? current.readings : now >= confirmedAt(current) ? 2 : 1;
    state.observedAt = failed ? this.lastGood : state.to;
    return state;
  }

  private advance(now: Date): void {
    for (;;) {
      const next = this.intervals[this.place + 1];
      if (!next || knownAt(next) > now) return;
      const left = this.current;
      if (left && left.trail?.failed !== true) this.lastGood = left.to;
      this.place += 1;
      this.gap = 0;
    }
  }

  private latestReading({ from, to, trail }: SignalInterval, now: Date): Date {
    if (now >= to) return to;
    const gaps = trail?.gaps ?? [];
    for (let gap = gaps[this.gap]; gap && gap.until <= now; gap = gaps[this.gap]) this.gap += 1;
    const gap = gaps[this.gap];
    if (gap && gap.from <= now) return gap.from;
    return now < from ? from : now;
  }
}

/** Times at which what a turn sees of these intervals of one signal changes, or grows too old. */
export function turningTimes(intervals: readonly SignalInterval[], policy: IdlePolicy): number[] {
  const times: number[] = [];
  for (const [index, interval] of intervals.entries()) {
    const { signal, to, trail } = interval;
    const maximalAge = maximalAgeMs(signal, policy);
    times.push(knownAt(interval).getTime());
    const second = confirmedAt(interval);
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
    const maximalAge = maximalAgeMs(signal, policy);
    if (longestGapMs <= maximalAge) return [];
    if (maximalAge < notedGapMs(signal)) return [{ from, to }];
    if (trail.gaps.length < GAPS_AT_MOST) return [];
    return [{ from: trail.gaps.at(-1)?.until ?? from, to }];
  });
}

function maximalAgeMs(signal: Signal, policy: IdlePolicy): number {
  const seconds = OF_ACTIVITY.includes(signal) ? policy.maxActivityAgeSeconds : policy.maxReadingAgeSeconds;
  return seconds * SECOND;
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
