export {
  type Calendar,
  type CalendarHold,
  type CalendarMoment,
  OPEN_CALENDAR,
} from './domain/policy/calendar';
export {
  type CalendarRules,
  type CalendarWindow,
  HOLIDAY_RULES,
  NO_CALENDAR_RULES,
  type ScheduledTime,
  WEEKDAYS,
} from './domain/policy/calendar-rules';
export { type Judgement, type Verdict } from './domain/decision/decision';
export {
  type EffectivePolicy,
  type FleetRules,
  type PolicyLayer,
  type PolicySubject,
  PROBLEM,
} from './domain/policy/effective-policy';
export { PLAN_KEEPS_MS } from './domain/judgement/course';
export { isJudged, longestAgeOf, RECENT_MS } from './domain/signals/signal-finding';
export { judge } from './domain/judgement/judgement';
export {
  type IdleDecisionInput,
  type NoticeFact,
  type ObservedUse,
  type StopCause,
  type WorkerFacts,
} from './domain/signals/idle-input';
export { type IdlePolicy, idlePolicy } from './domain/policy/idle-policy';
export {
  IDLE_SIGNALS,
  OBSERVED_SIGNALS,
  type ObservedSignal,
  type SignalState,
} from './domain/signals/idle-signals';
export { PolicySource } from './domain/ports';
export { type StopBudget, UNLIMITED } from './domain/policy/stop-budget';
export { budgetedBy, factsOf, subjectOf } from './application/worker-facts';
export { FixedPolicy } from './application/fixed-policy';

export { opensBreaker } from './domain/control/breaker';
export { allowedOf, type BudgetedWorker, type BudgetScope, scopesOf } from './domain/control/budget-scopes';
export { REAPER_CONTROL_EVENTS } from './domain/control/control-events';
export { VerdictBook } from './domain/verdict-book';
export { REAPER_CONTROL_DEFINITION } from './persistence/reaper-control-definition';
export { ReaperModule } from './reaper.module';
export { GetReaperHolds } from './application/get-reaper-holds.query';
export { ReaperSchedules } from './application/reaper.schedules';
