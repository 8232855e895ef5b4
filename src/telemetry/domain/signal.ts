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
}

/** What one reading says about one signal. */
export interface SignalReading {
  readonly workerId: string;
  readonly signal: Signal;
  readonly value: SignalValue;
  readonly at: Date;
}

/**
 * The interval after a reading. A new one begins when the value changes, and when readings were so far apart that the
 * value between them is not known.
 */
export function continued(
  current: SignalInterval | undefined,
  reading: SignalReading,
  longestGapMs: number,
): SignalInterval {
  const { workerId, signal, value, at } = reading;
  const gap = current ? at.getTime() - current.to.getTime() : 0;
  if (!current || current.value !== value || gap > longestGapMs) {
    return { workerId, signal, value, from: at, to: at, readings: 1, longestGapMs: 0 };
  }
  if (gap <= 0) return current;
  return {
    ...current,
    to: at,
    readings: current.readings + 1,
    longestGapMs: Math.max(current.longestGapMs, gap),
  };
}
