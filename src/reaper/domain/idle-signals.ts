/** Signs of use that are observed on the instance and its CML server. */
export const OBSERVED_SIGNALS = ['ec2', 'labs', 'cpu', 'activity', 'sessions'] as const;
export type ObservedSignal = (typeof OBSERVED_SIGNALS)[number];

/** `api` is what people did through this API (start, snooze, connection, keep-alive): always known. */
export const IDLE_SIGNALS = [...OBSERVED_SIGNALS, 'api'] as const;
export type IdleSignal = (typeof IDLE_SIGNALS)[number];

/**
 * What people are seen to do: acts on labs and nodes, logins and other use of the server, and use of this API. Wherever
 * one of these is active the worker is kept, whether the policy requires it or not.
 */
export const PEOPLES_SIGNALS = ['activity', 'sessions', 'api'] as const satisfies readonly IdleSignal[];

/** Where the `api` signal comes from. */
export const API_SOURCE = 'cml-fleet';

/** How a sign of use stands now: its present interval, and when its source was last read. Times are fleet time. */
export interface SignalState {
  readonly value: 'active' | 'idle' | 'unknown';
  /** first and latest reading with this value, without a gap between them in which it could have been otherwise */
  readonly from: Date;
  readonly to: Date;
  readonly readings: number;
  /** where it is read, e.g. `cml-labs` */
  readonly source: string;
  /** latest reading of the source that succeeded; null if there never was one */
  readonly observedAt: Date | null;
}
