import { given } from '../testing/given';
import { at, aWorker, wanting, type WorkerBuilder } from '../testing/worker.builder';
import { type SweptReading } from './instance-reading';
import { nextAction } from './next-action';
import { type DriftPolicy } from './worker-state';

const NOW = at(60);

function reading(given: Partial<SweptReading> & Pick<SweptReading, 'status'>): SweptReading {
  return { publicIp: null, privateIp: null, stateReason: null, begunAt: NOW, ...given };
}

const observed = (past: WorkerBuilder, what: SweptReading, policy: DriftPolicy = 'follow') =>
  given(past).when((worker) => worker.observe(what, NOW, policy));

describe('a state that was changed in AWS', () => {
  const stoppedThere = aWorker().running().status('STOPPED', at(40));
  const startedThere = aWorker().stopped().status('RUNNING', at(40));
  const drifted = (wanted: string, found: string, policy: DriftPolicy, why: string | null = null) =>
    ['worker.drift-detected', { attribute: 'state', wanted, found, why, policy, detectedAt: NOW }] as const;

  it('is drift once a second sweep sees it', () => {
    const worker = aWorker().running().build();
    worker.observe(reading({ status: 'STOPPED' }), at(61));
    worker.observe(reading({ status: 'STOPPED', begunAt: at(61) }), at(62));
    expect(worker.uncommitted.map(({ type }) => type)).not.toContain('worker.drift-detected');
    worker.observe(reading({ status: 'STOPPED', begunAt: at(63) }), at(63));
    expect(worker.state.desired).toMatchObject({ state: 'STOPPED', by: 'system:drift' });
  });

  it('is followed, with what EC2 says about it', () => {
    const stateReason = { code: 'Client.InstanceInitiatedShutdown', message: 'shut down from inside' };
    const reason =
      'found STOPPED although RUNNING was wanted: changed outside cml-fleet (shut down from inside)';
    const desired = wanting('STOPPED', { by: 'system:drift', reason, at: NOW });
    observed(stoppedThere, reading({ status: 'STOPPED', stateReason })).then(
      drifted('RUNNING', 'STOPPED', 'follow', stateReason.message),
      ['worker.desired-state-updated', { desired }],
      ['worker.converged', { convergedAt: NOW }],
    );
  });

  it('is put right by policy: a stop there is followed by a start', () => {
    const reason = 'found STOPPED although RUNNING was wanted: put right by policy';
    const desired = wanting('RUNNING', { by: 'system:drift', reason, at: NOW });
    observed(stoppedThere, reading({ status: 'STOPPED' }), 'enforce').then(
      drifted('RUNNING', 'STOPPED', 'enforce'),
      ['worker.desired-state-updated', { desired }],
    );
  });

  it('a start there is followed by a stop only once CML says that no lab runs', () => {
    const worker = startedThere.build();
    worker.observe(reading({ status: 'RUNNING' }), NOW, 'enforce');
    const next = () => nextAction(worker.state, { now: NOW, machineNow: NOW });
    expect(worker.state).toMatchObject({ desired: { state: 'STOPPED' }, statusReason: { code: 'drift' } });
    expect(next()).toBe('wait');
    worker.updateServiceStatus('AVAILABLE', 'https://203.0.113.10', NOW);
    expect(next()).toBe('wait');
    worker.updateTelemetry({ activeLabsCount: 1 }, NOW);
    expect(next()).toBe('wait');
    worker.updateTelemetry({ activeLabsCount: 0 }, NOW);
    expect(next()).toBe('stop');
  });

  it("the worker's own policy goes before the fleet's", () => {
    const own = aWorker({ driftPolicy: 'follow' }).running().status('STOPPED', at(40)).build();
    own.observe(reading({ status: 'STOPPED' }), NOW, 'enforce');
    expect(own.state.desired.state).toBe('STOPPED');
  });

  it('an end there is recorded, and nothing can be put right', () => {
    const worker = aWorker().running().build();
    worker.observe(reading({ status: 'TERMINATED' }), NOW, 'enforce');
    expect(worker.uncommitted[0]).toMatchObject({
      type: 'worker.drift-detected',
      data: { wanted: 'RUNNING', found: 'TERMINATED', policy: 'follow' },
    });
    expect(worker.state.status).toBe('TERMINATED');
  });
});

describe('a call of ours that comes late', () => {
  const wish = (minute: number) => ({ by: 'user:ann', reason: null, at: at(minute) });

  it('is not taken for a change from outside: what is wanted by now is carried out', () => {
    const worker = aWorker().stopped().build();
    worker.requestStart(wish(50));
    worker.requestStop(wish(51));
    worker.observe(reading({ status: 'STOPPED', begunAt: at(52) }), at(52));
    expect(worker.state.convergedAt).toEqual(at(52));
    worker.callAnswered('PENDING', at(53));
    for (const minute of [55, 57]) {
      worker.observe(reading({ status: 'RUNNING', begunAt: at(minute) }), at(minute));
    }
    expect(worker.state.desired).toMatchObject({ state: 'STOPPED', by: 'user:ann' });
    worker.updateTelemetry({ activeLabsCount: 0 }, at(57));
    expect(nextAction(worker.state, { now: at(57), machineNow: at(57) })).toBe('stop');
  });

  it('the same with a stop', () => {
    const worker = aWorker().running().build();
    worker.requestStop({ ...wish(50), force: true });
    worker.requestStart(wish(51));
    worker.observe(reading({ status: 'RUNNING', begunAt: at(52) }), at(52));
    worker.callAnswered('STOPPING', at(53));
    for (const minute of [55, 57]) {
      worker.observe(reading({ status: 'STOPPED', begunAt: at(minute) }), at(minute));
    }
    expect(nextAction(worker.state, { now: at(57), machineNow: at(57) })).toBe('start');
  });
});

describe('an instance type that was changed in AWS', () => {
  const stopped = aWorker().stopped();
  const found = reading({ status: 'STOPPED', instanceType: 'm5zn.metal' });
  const drifted = (policy: DriftPolicy) => {
    const types = { wanted: 'c5.metal', found: 'm5zn.metal', why: null };
    return [
      'worker.drift-detected',
      { attribute: 'instance-type', ...types, policy, detectedAt: NOW },
    ] as const;
  };

  it('is followed', () => {
    observed(stopped, found).then(drifted('follow'));
    const worker = stopped.build();
    worker.observe(found, NOW);
    expect(worker.state).toMatchObject({ instanceType: 'm5zn.metal', appliedInstanceType: 'm5zn.metal' });
  });

  it('is put right by policy, while the worker is stopped', () => {
    const worker = stopped.build();
    worker.observe(found, NOW, 'enforce');
    expect(worker.uncommitted.map(({ type, data }) => [type, data])).toEqual([drifted('enforce')]);
    expect(nextAction(worker.state, { now: NOW, machineNow: NOW })).toBe('apply-instance-type');
  });

  it('is not what EC2 shows for a while after we changed it', () => {
    observed(stopped, reading({ ...found, begunAt: at(34) })).then();
  });

  it('is not what EC2 did not say', () => {
    observed(stopped, reading({ status: 'STOPPED', instanceType: null })).then();
  });
});

describe('the tag that makes an instance ours', () => {
  const tagged = aWorker().running();
  const without = reading({ status: 'RUNNING', tags: { Name: 'lab-1' } });

  it('is put back, whatever the policy', () => {
    const tag = 'managed-by=cml-fleet';
    const worker = tagged.build();
    worker.observe(without, NOW);
    expect(worker.uncommitted.map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: 'worker.drift-detected',
        data: {
          attribute: 'owner-tags',
          wanted: tag,
          found: 'no tag',
          why: null,
          policy: 'enforce',
          detectedAt: NOW,
        },
      },
    ]);
    expect(nextAction(worker.state, { now: NOW, machineNow: NOW })).toBe('apply-tags');
    expect(worker.observe(without, NOW)).toBe(false);
    worker.tagsApplied({ Name: 'lab-1' }, NOW);
    expect(nextAction(worker.state, { now: NOW, machineNow: NOW })).toBe('none');
  });

  it('is not missed where it is there, or was not asked for', () => {
    observed(tagged, reading({ status: 'RUNNING', tags: { 'managed-by': 'cml-fleet' } })).then();
    observed(tagged, reading({ status: 'RUNNING' })).then();
  });
});
