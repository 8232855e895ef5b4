import { type Source } from './observation';

/**
 * A sign of use, three-valued: unknown is a value of its own, and never taken for idle. `activity` is what people do to
 * labs and nodes, `sessions` their logins and their use of the API.
 */
export const SIGNALS = ['ec2', 'labs', 'cpu', 'activity', 'sessions'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Where each is read. */
export const SIGNAL_SOURCE = {
  ec2: 'ec2',
  labs: 'cml-labs',
  cpu: 'cml-system',
  activity: 'cml-activity',
  sessions: 'cml-activity',
} as const satisfies Record<Signal, Source>;

export type SignalValue = 'active' | 'idle' | 'unknown';

/**
 * What the bare interval does not tell, and decisions of the time rested on: by it they can be made again. Fleet time.
 */
export interface SignalTrail {
  /** when the first reading was stored, so that decisions could rest on it */
  readonly knownAt: Date;
  /** when the second one was; null: there is none */
  readonly confirmedAt: Date | null;
  /** where readings were missed: from the reading before until the one after was stored, `GAPS_AT_MOST` of them */
  readonly gaps: readonly { readonly from: Date; readonly until: Date }[];
  /** unknown since reading failed for too long, not by a reading */
  readonly failed: boolean;
  /** of what people do: the newest thing that was known at the first reading; null: nothing */
  readonly newestActivityAt?: Date | null;
}

/** Gaps that an interval notes; a signal that has more in one interval is replayed with a grain of salt. */
export const GAPS_AT_MOST = 24;

/** A time in which a signal kept its value. All times are fleet time of readings. */
export interface SignalInterval {
  readonly workerId: string;
  readonly signal: Signal;
  readonly value: SignalValue;
  /** first and latest reading with this value */
  readonly from: Date;
  readonly to: Date;
  readonly readings: number;
  /** longest time between two readings in it: what may have happened unseen, milliseconds */
  readonly longestGapMs: number;
  /** left out: stored by an earlier version */
  readonly trail?: SignalTrail;
}

/** What one reading says about one signal. */
export interface SignalReading {
  readonly workerId: string;
  readonly signal: Signal;
  readonly value: SignalValue;
  readonly at: Date;
  /** it did not succeed, and nothing was read for too long */
  readonly failed?: boolean;
  /** as in the trail */
  readonly newestActivityAt?: Date | null;
}

export interface ReadingLimits {
  /** readings further apart leave open what the value was between them */
  readonly longestGapMs: number;
  /** readings further apart than this missed one */
  readonly usualGapMs: number;
}

/**
 * The interval after a reading that is stored now. A new one begins when the value changes, when readings were so far
 * apart that the value between them is not known, and where reading begins to fail, or succeeds again.
 */
export function continued(
  current: SignalInterval | undefined,
  reading: SignalReading,
  { longestGapMs, usualGapMs }: ReadingLimits,
  now: Date,
): SignalInterval {
  const { workerId, signal, value, at, failed = false, newestActivityAt } = reading;
  const gap = current ? at.getTime() - current.to.getTime() : 0;
  const same = current?.value === value && (current.trail?.failed ?? failed) === failed;
  if (!current || !same || gap > longestGapMs) {
    const trail = { knownAt: now, confirmedAt: null, gaps: [], failed };
    const known = newestActivityAt === undefined ? trail : { ...trail, newestActivityAt };
    return { workerId, signal, value, from: at, to: at, readings: 1, longestGapMs: 0, trail: known };
  }
  if (gap <= 0) return current;
  return {
    ...current,
    to: at,
    readings: current.readings + 1,
    longestGapMs: Math.max(current.longestGapMs, gap),
    ...(current.trail && { trail: trailAfter(current, current.trail, gap > usualGapMs, now) }),
  };
}

function trailAfter({ to }: SignalInterval, trail: SignalTrail, missed: boolean, now: Date): SignalTrail {
  const noted = missed && trail.gaps.length < GAPS_AT_MOST;
  if (!noted && trail.confirmedAt) return trail;
  const gaps = noted ? [...trail.gaps, { from: to, until: now }] : trail.gaps;
  return { ...trail, gaps, confirmedAt: trail.confirmedAt ?? now };
}
