import { MINUTE, ManualClock, plus } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { type EffectivePolicy, type PolicySubject } from '../domain/policy/effective-policy';
import { type ObservedUse } from '../domain/signals/idle-input';
import { PolicySource, SignsOfUse } from '../domain/ports';
import { UNLIMITED } from '../domain/policy/stop-budget';
import { delivered, minutesAgo, NOW, POLICY } from '../testing/idle-input.builder';
import { IDLE_USE } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';
import { FixedPolicy } from './fixed-policy';
import { NO_SURROUNDINGS, WorkerJudge } from './worker-judge';

class GivenSigns extends SignsOfUse {
  constructor(private readonly use: ReadonlyMap<string, ObservedUse>) {
    super();
  }

  of() {
    return Promise.resolve(this.use);
  }

  probe(): never {
    throw new Error('nobody is asked for a judgement');
  }
}

/** Of each worker its own, by its region. */
class ByRegion extends PolicySource {
  readonly asked: PolicySubject[] = [];
  private readonly fixed = new FixedPolicy(POLICY);

  of(subject: PolicySubject): EffectivePolicy {
    this.asked.push(subject);
    const layers = [{ id: 'fleet', name: subject.awsRegion, version: 2 }];
    return { ...this.fixed.of(), layers };
  }

  fleet() {
    return this.fixed.fleet();
  }
}

const DUE = aWorkerState({
  plannedStop: { at: NOW, reason: 'idle', decisionId: 'earlier', cause: 'idle' } as never,
});
const judgeOf = (use: [string, ObservedUse][], policies: PolicySource = new FixedPolicy(POLICY)) =>
  new WorkerJudge(new GivenSigns(new Map(use)), new SequentialIds(), new ManualClock(NOW), policies);
const verdictsOf = (decisions: readonly { verdict: string }[]) => decisions.map(({ verdict }) => verdict);

describe('the judge', () => {
  it('judges each worker by its own signs, budget and notices, in their order', async () => {
    const workers = ['told', 'untold', 'used-up', 'unseen'].map((name) => ({ ...DUE, id: name, name }));
    const seen = workers.slice(0, 3).map(({ id }): [string, ObservedUse] => [id, IDLE_USE]);
    const full = { scope: 'fleet', allowed: 1, used: 1, windowMinutes: 60, freesAt: null };
    const decisions = await judgeOf(seen).judge(workers, {
      budget: ({ id }) => (id === 'used-up' ? { ...UNLIMITED, limits: [full] } : UNLIMITED),
      notices: new Map([
        ['told', [delivered()]],
        ['used-up', [delivered()]],
      ]),
    });
    expect(verdictsOf(decisions)).toEqual(['stop', 'held', 'held', 'unknown']);
    expect(decisions.map(({ restraints }) => restraints)).toEqual([[], ['noticed'], ['budget'], []]);
    expect(new Set(decisions.map(({ decisionId }) => decisionId)).size).toBe(4);
  });

  it('finds the policy by what the worker is, and tells of what it is made', async () => {
    const policies = new ByRegion();
    const decision = await judgeOf([], policies).judgeOne(DUE, NO_SURROUNDINGS, 'd-7');
    const { id, awsRegion, tags, idlePolicyId } = DUE;
    expect(policies.asked).toEqual([{ id, awsRegion, tags, idlePolicyId }]);
    expect(decision).toMatchObject({
      decisionId: 'd-7',
      policyLayers: [{ id: 'fleet', name: awsRegion, version: 2 }],
      policyOrigins: { confirmed: 'settings' },
    });
  });

  it('takes the newer of the last activities that the worker and its signs tell of', async () => {
    const late = { ...IDLE_USE, newestActivityAt: minutesAgo(20) };
    const decision = await judgeOf([[DUE.id, late]]).judgeOne(DUE, NO_SURROUNDINGS);
    expect(decision.idleSince).toEqual(minutesAgo(20));
    const stored = { ...DUE, lastActivityAt: plus(NOW, -5 * MINUTE) };
    const other = await judgeOf([[DUE.id, late]]).judgeOne(stored, NO_SURROUNDINGS);
    expect(other.idleSince).toEqual(minutesAgo(5));
  });

  it('takes a use of the API that the worker remembers', async () => {
    const lastUse = { kind: 'connection', by: 'user:bob', at: minutesAgo(2) };
    const used = { ...DUE, lastUse } as never;
    expect((await judgeOf([[DUE.id, IDLE_USE]]).judgeOne(used, NO_SURROUNDINGS)).verdict).toBe('in-use');
  });
});
