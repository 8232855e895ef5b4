import { type CalendarRules } from './calendar-rules';
import { type IdleSignal } from '../signals/idle-signals';
import { type StopBudget } from './stop-budget';

/** When a worker is stopped by itself, and how that is announced. Durations are fleet time. */
export interface IdlePolicy {
  /** how long it must be idle without a break */
  readonly idleThresholdMinutes: number;
  /** CPU load, percent of the whole host, below which it is idle; one value for all, by which signals are made as well */
  readonly cpuIdleBelowPercent: number;
  /** how long before the stop people are told, longest first: a notice for each */
  readonly warningStagesMinutes: readonly number[];
  /** no stop without a notice that was delivered */
  readonly noticeRequired: boolean;
  /** who is told by e-mail, besides the channels of the fleet */
  readonly notifyEmails: readonly string[];
  /** idleness counts from the second reading on: one may be a slip */
  readonly confirmed: boolean;
  /** after so long it is stopped although nobody can tell whether it is in use; null: never */
  readonly maxUptimeMinutes: number | null;
  /** how long a use of the API (a start, a connection, a keep-alive) keeps it at least */
  readonly activityBumpMinutes: number;
  /** how many of this policy's workers may be stopped in a sliding window; null: as many as the fleet's budget allows */
  readonly budget: StopBudget | null;
  readonly calendar: CalendarRules;
  /** judged and explained, but never announced nor stopped */
  readonly dryRun: boolean;
  /** a reading older than this says nothing */
  readonly maxReadingAgeSeconds: number;
  /** the same for what people did, which is read less often */
  readonly maxActivityAgeSeconds: number;
  /** the longest snooze that people may ask for */
  readonly snoozeCapMinutes: number;
  /** all of these must be known to be idle before a stop */
  readonly requiredSignals: readonly IdleSignal[];
}
