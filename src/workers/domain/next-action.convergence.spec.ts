import { CooperativeEc2 } from '../testing/cooperative-ec2';
import { at, aWorker, wanting, type WorkerBuilder } from '../testing/worker.builder';
import { CmlWorker } from './cml-worker';
import { type WorkerState } from './worker-state';
import { CMLWorkerStatus, DesiredState, FULFILLED_BY } from './worker-status';

/** The worker at minute 60, in a state that its events alone need not lead to. */
function inState(past: WorkerBuilder, variant: Partial<WorkerState> = {}): CmlWorker {
  const from = { state: { ...past.state, ...variant }, version: past.events.length };
  const worker = CmlWorker.restore(past.id, [], from);
  if (!worker) throw new Error('a state can be restored');
  return worker;
}

const ENDS: readonly CMLWorkerStatus[] = ['SHUTTING_DOWN', 'TERMINATED'];
const LIVING = Object.values(CMLWorkerStatus).filter((status) => !ENDS.includes(status));
const reason = { code: 'InsufficientInstanceCapacity', message: 'no', at: at(59), nextTryAt: at(65) };

const VARIANTS: readonly [name: string, variant: Partial<WorkerState>][] = [
  ['', {}],
  [', refused by AWS once', { statusReason: reason }],
  [', with another instance type to apply', { instanceType: 'm5zn.metal' }],
  [', with a registered licence', { licenseStatus: 'REGISTERED' }],
  [', with labs that can be kept', { serviceStatus: 'AVAILABLE' }],
];

/** What the worker takes its instance to be, and what EC2 knows it to be. */
const VIEWS = LIVING.flatMap((status) =>
  (status === 'UNKNOWN' ? LIVING.filter((truth) => truth !== 'UNKNOWN') : [status]).map(
    (truth) => [status, truth] as const,
  ),
);

const CASES = Object.values(DesiredState).flatMap((desired) =>
  VIEWS.flatMap(([status, truth]) =>
    VARIANTS.map(([name, variant]) => ({ desired, status, truth, name, variant })),
  ),
);

describe('the actions lead from every state to the one that is wanted', () => {
  it.each(CASES)('$desired from $status (EC2: $truth)$name', ({ desired, status, truth, variant }) => {
    const past = aWorker()
      .launched()
      .wanted(desired, { at: at(59) })
      .status(status);
    const worker = inState(past, variant);
    expect(new CooperativeEc2(truth).live(worker)).toBe('none');
    expect(worker.state).toMatchObject({
      status: FULFILLED_BY[desired],
      desired: wanting(desired, { at: at(59) }),
      statusReason: null,
    });
    if (desired !== 'TERMINATED') expect(worker.state.convergedAt).not.toBeNull();
    expect(worker.state.appliedInstanceType === worker.state.instanceType || desired !== 'STOPPED').toBe(
      true,
    );
  });

  it.each(CASES.filter(({ desired }) => desired !== 'TERMINATED'))(
    'and back there when $desired was fulfilled, changed outside, and asked for again: $status (EC2: $truth)$name',
    ({ desired, status, truth, variant }) => {
      const past = aWorker()
        .launched()
        .wanted(desired, { at: at(59) })
        .status(status);
      const worker = inState(past, { ...variant, convergedAt: at(59), activeLabsCount: 0 });
      const wish = { by: 'user:bob', reason: null, at: at(60) };
      if (desired === 'RUNNING') worker.requestStart(wish);
      else worker.requestStop({ ...wish, force: true });
      expect(new CooperativeEc2(truth).live(worker)).toBe('none');
      expect(worker.state).toMatchObject({ status: desired, desired: { state: desired } });
    },
  );

  it.each<[desired: DesiredState, actions: string[]]>([
    ['RUNNING', ['prepare-launch', 'launch']],
    ['TERMINATED', ['end']],
    ['STOPPED', []],
  ])('%s for a worker that was never launched: %s', (desired, actions) => {
    const worker = inState(aWorker().wanted(desired));
    const ec2 = new CooperativeEc2(null);
    expect(ec2.live(worker)).toBe('none');
    expect(ec2.taken).toEqual(actions);
    // one that never had an instance has nothing that could be stopped: it stays as it is, and costs nothing
    expect(worker.state.status).toBe(desired === 'STOPPED' ? 'PENDING' : desired);
  });

  it.each(Object.values(DesiredState))('%s for a launch that made an instance before a crash', (desired) => {
    const worker = inState(aWorker().launchRequested().wanted(desired));
    expect(new CooperativeEc2('RUNNING').live(worker)).toBe('none');
    expect(worker.state).toMatchObject({ status: desired, awsInstanceId: 'i-0123456789abcdef0' });
  });

  it('TERMINATED for a launch that made none', () => {
    const worker = inState(aWorker().launchRequested().wanted('TERMINATED', { by: 'user:bob' }));
    expect(new CooperativeEc2(null).live(worker)).toBe('none');
    expect(worker.state).toMatchObject({ status: 'TERMINATED', terminatedBy: 'user:bob' });
  });
});

describe('what is changed outside is followed', () => {
  it.each<[desired: DesiredState, found: CMLWorkerStatus, followed: DesiredState]>([
    ['RUNNING', 'STOPPING', 'STOPPED'],
    ['RUNNING', 'STOPPED', 'STOPPED'],
    ['STOPPED', 'PENDING', 'RUNNING'],
    ['STOPPED', 'RUNNING', 'RUNNING'],
  ])('%s was fulfilled, and the instance is found %s: %s is wanted', (desired, found, followed) => {
    const worker = inState(aWorker().launched().wanted(desired).status(desired), { convergedAt: at(35) });
    const ec2 = new CooperativeEc2(found);
    expect(ec2.live(worker)).toBe('none');
    expect(ec2.taken).toEqual([]);
    expect(worker.state).toMatchObject({
      status: followed,
      desired: { state: followed, by: 'system:drift' },
    });
  });
});

describe('an end of the instance that nobody wanted', () => {
  it.each(['RUNNING', 'STOPPED'] as const)('ends the worker that is wanted %s', (desired) => {
    const worker = inState(aWorker().running().wanted(desired).status('SHUTTING_DOWN'));
    expect(new CooperativeEc2('SHUTTING_DOWN').live(worker)).toBe('none');
    expect(worker.state).toMatchObject({ status: 'TERMINATED', terminatedBy: null });
  });
});

describe('an automatic stop that was not sent in time', () => {
  it('is withdrawn, and the worker goes on running', () => {
    const worker = inState(
      aWorker()
        .running()
        .wanted('STOPPED', { at: at(58), sendBefore: at(59) }),
    );
    const ec2 = new CooperativeEc2('RUNNING');
    expect(ec2.live(worker)).toBe('none');
    expect(ec2.taken).toEqual([]);
    expect(worker.state).toMatchObject({ status: 'RUNNING', desired: { state: 'RUNNING' } });
  });
});
