import { type SignalInterval } from '../../../telemetry';
import { type WorkerState } from '../../../workers';

/** How a worker stood from a time on. */
export interface WorkerMoment {
  /** fleet time at which it was stored, so that turns after it knew it */
  readonly at: Date;
  readonly state: WorkerState;
}

/** What is recorded of one worker over a time: everything that decisions about it rested on. */
export interface WorkerPast {
  /** oldest first; the first one is how it stood at the beginning, or when it came into being */
  readonly moments: readonly WorkerMoment[];
  /** of all signals, by `from`; the ones before the beginning that still counted at it are there */
  readonly intervals: readonly SignalInterval[];
}

/** A time that is looked at, both ends included. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}
