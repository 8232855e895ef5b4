import { eventOf } from '../../../kernel/domain-event';

/** Everything that can happen to the switch, the breaker and the budgets over all automatic stops. Times are fleet time. */

/** Somebody has switched all automatic stops off. */
export class ReaperPaused extends eventOf('reaper.paused')<{
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  /** null: until it is resumed */
  readonly until: Date | null;
}> {}

/** Automatic stops are allowed again: a pause and an open breaker end with it. */
export class ReaperResumed extends eventOf('reaper.resumed')<{
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}> {}

/** A stop is about to be asked for, and counts in its budgets from now on. */
export class ReaperStopTaken extends eventOf('reaper.stop-taken')<{
  readonly decisionId: string;
  readonly workerId: string;
  readonly region: string;
  /** whose budget it counts in, besides those of the fleet and the region; null: its policy has none */
  readonly policyId: string | null;
  readonly at: Date;
}> {}

/** AWS has been asked for the stop: it counts for as long as the windows last. */
export class ReaperStopSent extends eventOf('reaper.stop-sent')<{
  readonly decisionId: string;
  readonly at: Date;
}> {}

/** AWS was never asked for the stop, and will not be: it does not count. */
export class ReaperStopReturned extends eventOf('reaper.stop-returned')<{
  readonly decisionId: string;
  readonly why: string;
  readonly at: Date;
}> {}

/** So much was stopped in one window that a person must say whether it was right. */
export class ReaperBreakerOpened extends eventOf('reaper.breaker-opened')<{
  readonly openedAt: Date;
  /** automatic stops in the window, the one that was not carried out included */
  readonly stops: number;
  /** of so many that ran */
  readonly running: number;
  /** the decision that was not carried out, and its worker */
  readonly decisionId: string;
  readonly workerId: string;
}> {}

/** A person says that it was right. */
export class ReaperBreakerClosed extends eventOf('reaper.breaker-closed')<{
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}> {}

/** No turn was taken for long: what became due meanwhile is announced anew, and stops are paced for a while. */
export class ReaperCatchUpBegun extends eventOf('reaper.catch-up-begun')<{
  /** the latest turn before */
  readonly since: Date;
  readonly at: Date;
  /** end of the pacing */
  readonly until: Date;
}> {}

/** A due stop was tried and refused, by the worker or by what its server said: it is not tried again for a while. */
export class ReaperStopRefused extends eventOf('reaper.stop-refused')<{
  readonly decisionId: string;
  readonly workerId: string;
  /** the deadline of its plan; null: it had none */
  readonly plannedFor: Date | null;
  readonly why: string;
  /** it was seen in use, and the plan is called off */
  readonly inUse: boolean;
  /** how often in a row it was refused by now */
  readonly tries: number;
  readonly at: Date;
  readonly notBefore: Date;
}> {}

export const REAPER_CONTROL_EVENTS = [
  ReaperPaused,
  ReaperResumed,
  ReaperStopTaken,
  ReaperStopSent,
  ReaperStopReturned,
  ReaperBreakerOpened,
  ReaperBreakerClosed,
  ReaperCatchUpBegun,
  ReaperStopRefused,
] as const;

export type ReaperControlEvent = InstanceType<(typeof REAPER_CONTROL_EVENTS)[number]>;
