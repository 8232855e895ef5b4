import fc from 'fast-check';
import { ANNOUNCED, anIdleInput, aSignal, minutesAgo, NOW } from '../testing/idle-input.builder';
import { decide } from './idle-decision';
import { type IdleDecisionInput, type WorkerFacts } from './idle-input';
import { type ObservedSignal, type SignalState } from './idle-signals';
import { idlePolicy } from './idle-policy';

const RUNS = { numRuns: 2_000 };
const required = fc.constantFrom<ObservedSignal>('ec2', 'labs', 'cpu');
const minutes = fc.integer({ min: -200, max: 200 });
const time = minutes.map(minutesAgo);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const signalState: fc.Arbitrary<SignalState> = fc.record({
  value: fc.constantFrom('active', 'idle', 'unknown'),
  from: time,
  to: time,
  readings: fc.integer({ min: 1, max: 5 }),
  source: fc.constant('any'),
  observedAt: maybe(time),
});

const worker: fc.Arbitrary<Partial<WorkerFacts>> = fc.record({
  status: fc.constantFrom('RUNNING', 'STOPPING', 'STOPPED', 'UNKNOWN'),
  desiredState: fc.constantFrom('RUNNING', 'STOPPED', 'TERMINATED'),
  snooze: maybe(fc.record({ by: fc.constant('user:bob'), until: time })),
  protection: maybe(
    fc.record({ by: fc.constant('user:ann'), reason: fc.constant('exam'), expiresAt: maybe(time) }),
  ),
  plannedStop: maybe(
    fc.record({ at: time, reason: fc.constant('idle'), cause: fc.constant('idle' as const) }),
  ),
  runningSince: maybe(time),
  lastActivityAt: maybe(time),
});

const often = <T>(value: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });

/** Most of the signals and workers are such that a stop would be due, so that single faults are met often. */
const anyInput: fc.Arbitrary<IdleDecisionInput> = fc
  .record({
    worker: often({ plannedStop: ANNOUNCED }, worker),
    signals: fc.record({
      ec2: often(aSignal('ec2'), signalState),
      labs: often(aSignal('labs'), signalState),
      cpu: often(aSignal('cpu'), signalState),
      activity: often(aSignal('activity'), signalState),
      sessions: often(aSignal('sessions'), signalState),
    }),
    observations: fc.record({ everSeenActivity: fc.boolean() }),
    policy: fc.record({
      idleThresholdMinutes: fc.integer({ min: 30, max: 90 }),
      warningStagesMinutes: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
    }),
  })
  .map(({ policy, ...stated }) => anIdleInput({ ...stated, policy: idlePolicy(policy, 60) }));

const due = anIdleInput({ worker: { plannedStop: ANNOUNCED } });

/** Ways in which a signal is not known to be idle now. */
const notIdle: fc.Arbitrary<SignalState | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant(aSignal('labs', { observedAt: null })),
  signalState.map((state) => ({ ...state, value: 'active' as const })),
  signalState.map((state) => ({ ...state, value: 'unknown' as const })),
  fc.integer({ min: 181, max: 100_000 }).map((seconds) => {
    const at = minutesAgo(seconds / 60);
    return aSignal('labs', { observedAt: at, to: at, from: minutesAgo(seconds / 60 + 500) });
  }),
);

describe('a worker is never stopped', () => {
  it('would be, as the others here start from it', () => {
    expect(decide(due).verdict).toBe('stop');
  });

  it('while any required signal is not known, freshly, to be idle', () => {
    fc.assert(
      fc.property(anyInput, required, notIdle, (input, name, state) => {
        const spoilt = withSignal(input, name, state);
        expect(decide(spoilt).verdict).not.toBe('stop');
      }),
      RUNS,
    );
  });

  it('while what people do is not known to be idle on a server that ever told of it', () => {
    const peoples = fc.constantFrom<ObservedSignal>('activity', 'sessions');
    fc.assert(
      fc.property(anyInput, peoples, notIdle, (input, name, state) => {
        const spoilt = withSignal(input, name, state);
        expect(decide(spoilt).verdict).not.toBe('stop');
      }),
      RUNS,
    );
  });

  it('while it is snoozed or protected', () => {
    const later = fc.integer({ min: 1, max: 10_000 }).map((ahead) => minutesAgo(-ahead));
    const held: fc.Arbitrary<Partial<WorkerFacts>> = fc.oneof(
      later.map((until) => ({ snooze: { by: 'user:bob', until } })),
      maybe(later).map((expiresAt) => ({ protection: { by: 'user:ann', reason: 'exam', expiresAt } })),
    );
    fc.assert(
      fc.property(anyInput, held, (input, holding) => {
        expect(decide({ ...input, worker: { ...input.worker, ...holding } }).verdict).not.toBe('stop');
      }),
      RUNS,
    );
  });

  it('unless everything that a stop rests on holds', () => {
    let stops = 0;
    fc.assert(
      fc.property(anyInput, (input) => {
        if (decide(input).verdict !== 'stop') return;
        stops += 1;
        const { worker: facts, policy } = input;
        const { signals } = input.observations;
        const windowFrom = minutesAgo(policy.idleThresholdMinutes).getTime();
        expect([facts.status, facts.desiredState]).toEqual(['RUNNING', 'RUNNING']);
        expect(facts.plannedStop?.at.getTime()).toBeLessThanOrEqual(NOW.getTime());
        expect(facts.lastActivityAt?.getTime()).toBeLessThanOrEqual(windowFrom);
        expect(signals.activity?.value).not.toBe('active');
        expect(signals.sessions?.value).not.toBe('active');
        for (const signal of [signals.ec2, signals.labs, signals.cpu]) {
          expect(signal?.value).toBe('idle');
          expect(signal?.readings).toBeGreaterThanOrEqual(2);
          expect(signal?.from.getTime()).toBeLessThanOrEqual(windowFrom);
          expect(signal && fresh(signal)).toBe(true);
        }
      }),
      RUNS,
    );
    expect(stops).toBeGreaterThan(20);
  });
});

function fresh({ observedAt, to }: SignalState): boolean {
  const ages = [observedAt ?? new Date(0), to].map((at) => NOW.getTime() - at.getTime());
  return Math.max(...ages) <= 180_000;
}

function withSignal(input: IdleDecisionInput, name: ObservedSignal, state: SignalState | undefined) {
  const { observations } = input;
  const signals = { ...observations.signals, [name]: state };
  return { ...input, observations: { ...observations, everSeenActivity: true, signals } };
}
