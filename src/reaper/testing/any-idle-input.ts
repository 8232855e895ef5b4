import fc from 'fast-check';
import { MINUTE, plus } from '../../kernel/clocks';
import { type Calendar } from '../domain/policy/calendar';
import {
  type IdleDecisionInput,
  type NoticeFact,
  type ObservedUse,
  STOP_CAUSES,
  type WorkerFacts,
} from '../domain/signals/idle-input';
import { idlePolicy } from '../domain/policy/idle-policy';
import { type ObservedSignal, type SignalState } from '../domain/signals/idle-signals';
import { type BudgetView, UNLIMITED } from '../domain/policy/stop-budget';
import { aCalendar } from './given-calendar';
import { anIdleInput, aSignal, delivered, minutesAgo, NOW } from './idle-input.builder';

const time = fc.integer({ min: -200, max: 200 }).map(minutesAgo);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const often = <T>(value: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });

export const anySignalState: fc.Arbitrary<SignalState> = fc.record({
  value: fc.constantFrom('active', 'idle', 'unknown'),
  from: time,
  to: time,
  readings: fc.integer({ min: 1, max: 5 }),
  source: fc.constant('any'),
  observedAt: maybe(time),
});

/** Of the stop that is announced for that time, or of another one. */
const anyNotice = (announced: Date): fc.Arbitrary<NoticeFact> =>
  fc.record({
    deadline: often(announced, time),
    stageMinutes: fc.constantFrom(15, 5),
    state: fc.constantFrom('pending', 'delivered', 'failed'),
    deliveredAt: maybe(time),
  });

const anyPlan = fc.record({
  at: often(NOW, time),
  reason: fc.constant('announced'),
  cause: fc.constantFrom(...STOP_CAUSES),
});

const anyWorker: fc.Arbitrary<Partial<WorkerFacts>> = fc
  .record({
    status: often('RUNNING', fc.constantFrom('STOPPING', 'STOPPED', 'UNKNOWN')),
    desiredState: often('RUNNING', fc.constantFrom('STOPPED', 'TERMINATED')),
    snooze: often(null, maybe(fc.record({ by: fc.constant('user:bob'), until: time }))),
    protection: often(
      null,
      maybe(fc.record({ by: fc.constant('user:ann'), reason: fc.constant('exam'), expiresAt: maybe(time) })),
    ),
    plannedStop: maybe(anyPlan),
    lastUse: often(
      null,
      fc.record({
        kind: fc.constantFrom('start', 'snooze', 'connection', 'keep-alive'),
        at: time,
        by: fc.constant('user:bob'),
      }),
    ),
    runningSince: often(minutesAgo(600), maybe(time)),
    lastActivityAt: often(minutesAgo(80), maybe(time)),
  })
  .chain((worker) => {
    const at = worker.plannedStop?.at ?? NOW;
    const notices = often([delivered(at)], fc.array(anyNotice(at), { maxLength: 2 }));
    return notices.map((given) => ({ ...worker, notices: given }));
  });

const anyWindow = fc
  .tuple(fc.integer({ min: -120, max: 120 }), fc.integer({ min: 1, max: 120 }))
  .map(([from, length]) => ({ name: 'w', from: minutesAgo(-from), until: minutesAgo(-from - length) }));

export const anyCalendar: fc.Arbitrary<Calendar> = fc
  .record({
    hold: maybe(anyWindow),
    quiet: maybe(anyWindow),
    stop: maybe(anyWindow),
  })
  .map(({ hold, quiet, stop }) =>
    aCalendar({
      holds: hold ? [{ kind: 'never', ...hold }] : [],
      quiet: quiet ? [quiet] : [],
      stops: stop ? [{ name: 's', at: stop.from, until: stop.until }] : [],
    }),
  );

export const anyBudget: fc.Arbitrary<BudgetView> = fc.record({
  limits: fc.array(
    fc.record({
      scope: fc.constant('fleet'),
      allowed: fc.integer({ min: 1, max: 3 }),
      used: fc.integer({ min: 0, max: 3 }),
      windowMinutes: fc.constant(60),
      freesAt: maybe(time),
    }),
    { maxLength: 2 },
  ),
  paused: often(
    null,
    fc.record({ by: fc.constant('user:ann'), reason: fc.constant('move'), at: time, until: maybe(time) }),
  ),
  breaker: often(null, fc.record({ openedAt: time, stops: fc.constant(11), running: fc.constant(20) })),
});

const anyPolicy = fc
  .record({
    idleThresholdMinutes: fc.integer({ min: 30, max: 90 }),
    warningStagesMinutes: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
    noticeRequired: fc.boolean(),
    confirmed: fc.boolean(),
    maxUptimeMinutes: maybe(fc.integer({ min: 60, max: 700 })),
    activityBumpMinutes: fc.integer({ min: 0, max: 120 }),
    dryRun: often(false, fc.constant(true)),
    requiredSignals: fc.constantFrom<readonly ObservedSignal[]>(
      ['ec2', 'labs', 'cpu'],
      ['labs'],
      ['labs', 'sessions', 'activity'],
    ),
  })
  .map((given) => idlePolicy(given, 60));

const anyUse: fc.Arbitrary<Partial<Omit<ObservedUse, 'signals'>>> = fc.record({
  everSeenActivity: fc.boolean(),
  newestActivityAt: maybe(time),
  lastLabs: often(
    { running: 0, at: minutesAgo(0.5) },
    maybe(fc.record({ running: fc.integer({ min: 0, max: 3 }), at: time })),
  ),
});

/** Most of what is given is such that a stop would be due, so that single faults are met often. */
export const anyIdleInput: fc.Arbitrary<IdleDecisionInput> = fc
  .record({
    worker: often(
      { plannedStop: { at: NOW, reason: 'idle', cause: 'idle' }, notices: [delivered()] },
      anyWorker,
    ),
    signals: fc.record({
      ec2: often(aSignal('ec2'), anySignalState),
      labs: often(aSignal('labs'), anySignalState),
      cpu: often(aSignal('cpu'), anySignalState),
      activity: often(aSignal('activity'), anySignalState),
      sessions: often(aSignal('sessions'), anySignalState),
    }),
    observations: anyUse,
    policy: anyPolicy,
    calendar: often(aCalendar({}), anyCalendar),
    budget: often(UNLIMITED, anyBudget),
  })
  .map((given) => anIdleInput(given));

/** Ways in which a signal is not known to be idle now. */
export const notIdle: fc.Arbitrary<SignalState | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant(aSignal('labs', { observedAt: null })),
  anySignalState.map((state) => ({ ...state, value: 'active' as const })),
  anySignalState.map((state) => ({ ...state, value: 'unknown' as const })),
  fc.integer({ min: 181, max: 100_000 }).map((seconds) => {
    const at = minutesAgo(seconds / 60);
    return aSignal('labs', { observedAt: at, to: at, from: minutesAgo(seconds / 60 + 500) });
  }),
);

export function withSignal(
  input: IdleDecisionInput,
  name: ObservedSignal,
  state: SignalState | undefined,
): IdleDecisionInput {
  const { observations } = input;
  return { ...input, observations: { ...observations, signals: { ...observations.signals, [name]: state } } };
}

/** The same reading, that much longer ago. */
export function staler(state: SignalState, minutes: number): SignalState {
  const observedAt = state.observedAt && plus(state.observedAt, -minutes * MINUTE);
  return { ...state, to: plus(state.to, -minutes * MINUTE), observedAt };
}
