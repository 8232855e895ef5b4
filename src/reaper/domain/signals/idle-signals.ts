/** Signs of use that are observed on the instance and its CML server. */
export const OBSERVED_SIGNALS = ['ec2', 'labs', 'cpu', 'activity', 'sessions'] as const;
export type ObservedSignal = (typeof OBSERVED_SIGNALS)[number];

/**
 * `api` is what people did through this API (start, snooze, connection, keep-alive): always known. What people do
 * (`activity`, `sessions`, `api`) keeps the worker wherever it is active, whether the policy requires it or not.
 */
export const IDLE_SIGNALS = [...OBSERVED_SIGNALS, 'api'] as const;
export type IdleSignal = (typeof IDLE_SIGNALS)[number];

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
