import { AggregateDirectory, type Commit, EventRegistry } from '../../event-store';
import { type FleetRules } from '../../reaper';
import { workerPolicyId } from '../domain/policy-details';
import { POLICY_EVENTS } from '../domain/policy-events';
import { type PolicyState, WrittenPolicy } from '../domain/written-policy';
import { POLICY_DEFINITION } from '../persistence/policy-definition';
import { window } from '../testing/calendar.builder';
import { aPolicy, newPolicy } from '../testing/policy.builder';
import { PolicyDirectory } from './policy-directory';
import { PolicyMerger } from './policy-merger';
import { WrittenPolicies } from './written-policies';

const FLEET_RULES: FleetRules = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };
const BASIS = {
  values: {},
  fleetRules: FLEET_RULES,
  sendsMail: true,
  timeZone: 'UTC',
  observeSeconds: 60,
  activitySeconds: 60,
};
const WORKER = { id: 'w-1', awsRegion: 'us-east-1', tags: { use: 'course' }, idlePolicyId: null };
const STOPPED = { dryRun: true };

function setUp() {
  const registry = new EventRegistry();
  registry.register(POLICY_EVENTS);
  const report = jest.fn();
  const policies = new AggregateDirectory<WrittenPolicy, PolicyState>(POLICY_DEFINITION, registry, report);
  const directory = new PolicyDirectory(policies);
  const state = { filled: true };
  const warnings: string[] = [];
  const source = new WrittenPolicies({
    ...{ directory, merger: new PolicyMerger(BASIS), basis: BASIS },
    isFilled: () => state.filled,
    warn: (problem) => void warnings.push(problem),
  });
  return { policies, directory, source, state, warnings };
}

/** Of an event that a later version of the program wrote. */
function unknownCommit(id: string): Commit {
  return {
    ...{ id: `c-${id}`, stream: `idlepolicy-${id}`, first: 1, last: 1, commitId: 'c' },
    events: [{ id: 'e', type: 'idle-policy.created', schema: 99, data: {} }],
    meta: { actor: 'user:ann', reason: null, correlationId: 'c', causationId: null },
    ...{ at: new Date(0), previousHash: null, hash: '' },
  };
}

describe('the policy of a worker', () => {
  it('stops nothing before all policies are read', () => {
    const { source, state, directory } = setUp();
    state.filled = false;
    directory.put(aPolicy('fleet', { scope: 'fleet', values: { dryRun: false } }));
    const { policy, problems } = source.of(WORKER);
    expect([policy, problems]).toMatchObject([STOPPED, [expect.stringContaining('not read yet')]]);
    state.filled = true;
    expect(source.of(WORKER)).toMatchObject({ policy: { dryRun: false }, problems: [] });
  });

  it('stops nothing where a policy that may hold for it cannot be read', () => {
    const { source, policies } = setUp();
    policies.follow(unknownCommit(workerPolicyId('w-2')));
    expect(source.of(WORKER).problems).toEqual([]);
    expect(source.of({ ...WORKER, id: 'w-2' }).policy).toMatchObject(STOPPED);
    policies.follow(unknownCommit('named'));
    expect(source.of(WORKER)).toMatchObject({
      policy: STOPPED,
      problems: ['The idle policy named cannot be read by this version of the program.'],
    });
  });

  it('changes when a policy changes, and is the same object until then', () => {
    const { source, directory } = setUp();
    const before = source.of(WORKER);
    expect(source.of({ ...WORKER, id: 'w-2' })).toBe(before);
    const selector = { tags: { use: 'course' }, regions: [] };
    directory.put(aPolicy('p-1', { selector, values: { idleThresholdMinutes: 99 } }));
    expect(source.of(WORKER).policy.idleThresholdMinutes).toBe(99);
    expect(source.of({ ...WORKER, tags: {} }).policy.idleThresholdMinutes).toBe(60);
    const changed = newPolicy({ selector, values: { idleThresholdMinutes: 98 } });
    const state = { ...changed, updatedAt: changed.createdAt, deletedAt: null };
    directory.put(WrittenPolicy.restore('p-1', [], { state, version: 2 }));
    expect(source.of(WORKER)).toMatchObject({
      policy: { idleThresholdMinutes: 98 },
      layers: [{}, { version: 2 }],
    });
  });

  it('takes the named one with the higher priority, by id where they are equal', () => {
    const { source, directory } = setUp();
    const selector = { tags: {}, regions: ['us-east-1'] };
    for (const [id, priority] of [
      ['b', 0],
      ['a', 0],
      ['c', -1],
    ] as const) {
      directory.put(
        aPolicy(id, { name: `${id} policy`, selector, priority, values: { snoozeCapMinutes: 1 } }),
      );
    }
    expect(source.of(WORKER).layers.map(({ id }) => id)).toEqual(['settings', 'c', 'a', 'b']);
    expect(source.of(WORKER).origins.snoozeCapMinutes).toBe('b');
    // the one that it names is the strongest of them, and counts once
    const chosen = source.of({ ...WORKER, idlePolicyId: 'c' });
    expect(chosen.layers.map(({ id }) => id)).toEqual(['settings', 'a', 'b', 'c']);
  });

  it('is not made with what does not fit; that is told once, until policies change', () => {
    const { source, directory, warnings } = setUp();
    directory.put(aPolicy('fleet', { scope: 'fleet', name: 'fleet', values: { idleThresholdMinutes: 30 } }));
    directory.put(
      aPolicy('p-1', {
        selector: { tags: { use: 'course' }, regions: [] },
        values: { warningStagesMinutes: [60] },
      }),
    );
    for (const id of ['w-1', 'w-2']) expect(source.of({ ...WORKER, id }).policy).toMatchObject(STOPPED);
    expect(warnings).toEqual([expect.stringContaining('"courses" (p-1) does not fit')]);
    expect(source.of(WORKER).policy.warningStagesMinutes).toEqual([15, 5]);
  });

  it('takes policies together that do not fit one by one', () => {
    const { source, directory } = setUp();
    directory.put(aPolicy('fleet', { scope: 'fleet', values: { warningStagesMinutes: [120] } }));
    expect(source.of(WORKER).problems).toHaveLength(1);
    directory.put(aPolicy(workerPolicyId('w-1'), { scope: 'worker', values: { idleThresholdMinutes: 240 } }));
    expect(source.of(WORKER)).toMatchObject({
      problems: [],
      policy: { dryRun: false, warningStagesMinutes: [120] },
    });
  });

  it('has the calendar of its rules, one for all workers', () => {
    const { source, directory } = setUp();
    const calendar = { timeZone: 'UTC', holidays: [], never: [{ ...window('08:00', 60), days: ['mon'] }] };
    const rules = { ...calendar, quiet: [], maintenance: null, starts: [], stops: [] };
    directory.put(aPolicy('fleet', { scope: 'fleet', values: { calendar: rules } }));
    directory.put(aPolicy(workerPolicyId('w-2'), { scope: 'worker', values: { snoozeCapMinutes: 5 } }));
    const { calendar: made } = source.of(WORKER);
    expect(made.holdAt(new Date('2027-01-04T08:30:00Z'))?.name).toBe('window');
    expect(source.of({ ...WORKER, id: 'w-2' }).calendar).toBe(made);
  });

  it('has the rules of the fleet, value by value', () => {
    const { source, directory } = setUp();
    expect(source.fleet()).toEqual(FLEET_RULES);
    const fleetBudget = { stops: 5, sharePercent: null, windowMinutes: 30 };
    directory.put(aPolicy('fleet', { scope: 'fleet', fleetRules: { fleetBudget } }));
    expect(source.fleet()).toEqual({ ...FLEET_RULES, fleetBudget });
  });
});
