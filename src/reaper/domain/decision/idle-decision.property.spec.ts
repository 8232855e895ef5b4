import fc from 'fast-check';
import {
  anyBudget,
  anyCalendar,
  anyIdleInput,
  notIdle,
  staler,
  withSignal,
} from '../../testing/any-idle-input';
import { anIdleInput, aSignal, minutesAgo, NOW, WARNED } from '../../testing/idle-input.builder';
import { findNoticed } from '../judgement/notice-due';
import { type IdleDecision } from './decision';
import { decide } from './idle-decision';
import { type IdleDecisionInput } from '../signals/idle-input';
import { OBSERVED_SIGNALS, type SignalState } from '../signals/idle-signals';
import { judge } from '../judgement/judgement';

const RUNS = { numRuns: 3_000 };
const isStop = ({ verdict }: Pick<IdleDecision, 'verdict'>) => verdict === 'stop';
const observed = fc.constantFrom(...OBSERVED_SIGNALS);

/** Holds for every input; `stops` counts how many of them led to a stop, so that it was put to the test. */
function holdsFor<T extends unknown[]>(arbitraries: fc.Arbitrary<T>, check: (...given: T) => boolean): void {
  fc.assert(
    fc.property(arbitraries, (given) => check(...given)),
    RUNS,
  );
}

function stopsAmong(check: (input: IdleDecisionInput, decision: IdleDecision) => void): number {
  let stops = 0;
  fc.assert(
    fc.property(anyIdleInput, (input) => {
      const decision = decide(input);
      if (!isStop(decision)) return;
      stops += 1;
      check(input, decision);
    }),
    RUNS,
  );
  return stops;
}

it('starts from workers that would be stopped', () => {
  expect(judge(anIdleInput({ worker: WARNED })).verdict).toBe('stop');
  expect(stopsAmong(() => undefined)).toBeGreaterThan(150);
});

describe('a worker is never stopped', () => {
  it('while any signal that counts is active, whatever else is due', () => {
    const lately = fc.integer({ min: 0, max: 179 }).map((seconds) => minutesAgo(seconds / 60));
    holdsFor(fc.tuple(anyIdleInput, observed, lately), (input, name, at) => {
      const active = aSignal(name, { value: 'active', to: at, observedAt: at });
      const counts =
        name === 'activity' || name === 'sessions' || input.policy.requiredSignals.includes(name);
      return !counts || !isStop(judge(withSignal(input, name, active)));
    });
  });

  it('while it was used through the API a moment ago', () => {
    const lately = fc.integer({ min: -600, max: 299 }).map((seconds) => minutesAgo(seconds / 60));
    holdsFor(fc.tuple(anyIdleInput, lately), (input, at) => {
      const lastUse = { kind: 'connection', by: 'user:bob', at };
      return !isStop(judge({ ...input, worker: { ...input.worker, lastUse } }));
    });
  });

  it('for anything but its maximum uptime while a required signal is not known, freshly, to be idle', () => {
    holdsFor(fc.tuple(anyIdleInput, observed, notIdle), (input, name, state) => {
      if (!input.policy.requiredSignals.includes(name)) return true;
      const { verdict, cause } = judge(withSignal(input, name, state));
      return verdict !== 'stop' || cause === 'max-uptime';
    });
  });

  it('for anything but its maximum uptime while what people do is not known, where any was ever told of', () => {
    const peoples = fc.constantFrom('activity' as const, 'sessions' as const);
    holdsFor(fc.tuple(anyIdleInput, peoples, notIdle), (input, name, state) => {
      const spoilt = withSignal(input, name, state);
      const observations = { ...spoilt.observations, everSeenActivity: true };
      const { verdict, cause } = judge({ ...spoilt, observations });
      return verdict !== 'stop' || cause === 'max-uptime';
    });
  });

  it('for its maximum uptime when labs ran as they were last read', () => {
    const running = fc.integer({ min: 1, max: 5 });
    holdsFor(fc.tuple(anyIdleInput, running, fc.integer({ min: 0, max: 500 })), (input, labs, minutes) => {
      const lastLabs = { running: labs, at: minutesAgo(minutes) };
      const worker = { ...input.worker, runningSince: minutesAgo(600) };
      const { cause } = judge({ ...input, worker, observations: { ...input.observations, lastLabs } });
      return cause !== 'max-uptime';
    });
  });

  it('while it is snoozed or protected', () => {
    const later = fc.integer({ min: 1, max: 10_000 }).map((ahead) => minutesAgo(-ahead));
    const held = fc.oneof(
      later.map((until) => ({ snooze: { by: 'user:bob', until } })),
      fc.option(later, { nil: null }).map((expiresAt) => ({
        protection: { by: 'user:ann', reason: 'exam', expiresAt },
      })),
    );
    holdsFor(
      fc.tuple(anyIdleInput, held),
      (input, holding) => !isStop(judge({ ...input, worker: { ...input.worker, ...holding } })),
    );
  });

  it('while the calendar forbids it, a budget is used up, or all stops are paused or held by the breaker', () => {
    holdsFor(fc.tuple(anyIdleInput, anyCalendar, anyBudget), (input, calendar, budget) => {
      const forbidden =
        calendar.holdAt(NOW) !== null ||
        budget.limits.some(({ used, allowed }) => used >= allowed) ||
        (budget.paused !== null && (budget.paused.until === null || budget.paused.until > NOW)) ||
        budget.breaker !== null;
      return !forbidden || !isStop(judge({ ...input, calendar, budget }));
    });
  });

  it('without a notice that was delivered in time, where the policy asks for one', () => {
    const stops = stopsAmong(({ worker: { plannedStop, notices }, policy }) => {
      if (!policy.noticeRequired || policy.dryRun) return;
      const latest = (plannedStop?.at.getTime() ?? 0) - Math.min(...policy.warningStagesMinutes) * 30_000;
      const inTime = notices.filter(
        ({ deadline, deliveredAt }) =>
          deadline.getTime() === plannedStop?.at.getTime() && deliveredAt && deliveredAt.getTime() <= latest,
      );
      expect(inTime).not.toEqual([]);
    });
    expect(stops).toBeGreaterThan(150);
  });

  it('unless everything that a stop of an idle worker rests on holds', () => {
    const stops = stopsAmong(({ worker, observations, policy }, { cause }) => {
      const asked = cause === 'schedule' ? 3 : policy.idleThresholdMinutes;
      const windowFrom = minutesAgo(asked).getTime();
      expect([worker.status, worker.desiredState]).toEqual(['RUNNING', 'RUNNING']);
      if (!policy.dryRun) expect(worker.plannedStop?.at.getTime()).toBeLessThanOrEqual(NOW.getTime());
      if (cause === 'max-uptime') return;
      expect(worker.lastActivityAt?.getTime()).toBeLessThanOrEqual(windowFrom);
      expect(worker.lastUse?.at.getTime() ?? 0).toBeLessThanOrEqual(windowFrom);
      for (const name of policy.requiredSignals) {
        const signal = name === 'api' ? undefined : observations.signals[name];
        expect(signal?.value).toBe('idle');
        expect(signal?.readings).toBeGreaterThanOrEqual(policy.confirmed ? 2 : 1);
        expect(signal?.from.getTime()).toBeLessThanOrEqual(windowFrom);
        expect(signal && fresh(signal)).toBe(true);
      }
    });
    expect(stops).toBeGreaterThan(150);
  });
});

it('never turns keep into stop by a reading that is older, but for the maximum uptime', () => {
  holdsFor(fc.tuple(anyIdleInput, observed, fc.integer({ min: 0, max: 400 })), (input, name, minutes) => {
    const state = input.observations.signals[name];
    const { verdict, cause } = judge(withSignal(input, name, state && staler(state, minutes)));
    return verdict !== 'stop' || cause === 'max-uptime' || isStop(judge(input)) || isAhead(state);
  });
});

it('says the same of the same input, leaves it as it is, and explains just what it judged', () => {
  holdsFor(fc.tuple(anyIdleInput), (input) => {
    const before = JSON.stringify(input);
    const decision = decide(input);
    expect(decide(input)).toEqual(decision);
    expect(decision).toMatchObject(judge(input));
    expect(JSON.stringify(input)).toBe(before);
    expect(decision.reason).not.toBe('');
    expect(decision.wouldHaveToChange.length > 0).toBe(decision.verdict !== 'stop');
    return true;
  });
});

it('lets every rule that counts pass where it stops, and names a rule that fails where it holds', () => {
  holdsFor(fc.tuple(anyIdleInput), (input) => {
    const { verdict, cause, rules, restraints } = decide(input);
    const failing = rules.flatMap(({ rule, outcome }) => (outcome === 'pass' ? [] : [rule]));
    if (verdict === 'held') {
      expect(restraints).not.toEqual([]);
      expect(failing).toEqual(expect.arrayContaining([...restraints]));
    }
    if (verdict === 'stop' && cause !== 'max-uptime') expect(failing).toEqual([]);
    return true;
  });
});

it('tells people of a stage once at most, and only of the plan that it makes or finds', () => {
  holdsFor(fc.tuple(anyIdleInput), (input) => {
    const { noticeDue, plan, verdict, dryRun } = judge(input);
    if (!noticeDue) return true;
    expect(dryRun).toBe(false);
    expect(['warn', 'held']).toContain(verdict);
    expect(plan?.at).toEqual(noticeDue.deadline);
    expect(input.policy.warningStagesMinutes).toContain(noticeDue.stageMinutes);
    const told = input.worker.notices.filter(
      ({ deadline, stageMinutes }) =>
        stageMinutes === noticeDue.stageMinutes && deadline.getTime() === noticeDue.deadline.getTime(),
    );
    expect(told).toEqual([]);
    expect(input.calendar.quietAt(NOW)).toBeNull();
    return findNoticed(noticeDue.deadline.getTime(), input) !== 'told' || verdict === 'warn';
  });
});

function fresh({ observedAt, to }: SignalState): boolean {
  const ages = [observedAt ?? new Date(0), to].map((at) => NOW.getTime() - at.getTime());
  return Math.max(...ages) <= 180_000;
}

/** A reading from the future is no reading; made older it may become one. */
function isAhead(state: SignalState | undefined): boolean {
  return state?.observedAt ? Math.min(state.observedAt.getTime(), state.to.getTime()) > NOW.getTime() : false;
}
