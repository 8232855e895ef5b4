import { plus } from '../../kernel/clocks';
import { at, aWorker, type WorkerBuilder } from '../testing/worker.builder';
import { nextAction } from './next-action';
import { type NextAction } from './state-machine';
import { type WorkerState } from './worker-state';
import { type CMLWorkerStatus, type DesiredState } from './worker-status';

const NOW = at(60);
const next = (worker: WorkerBuilder, now = NOW) => nextAction(worker.state, { now, machineNow: now });

/** Actions by what is wanted: RUNNING, STOPPED, TERMINATED. */
type Row = readonly [running: NextAction, stopped: NextAction, terminated: NextAction];
const DESIRED: readonly DesiredState[] = ['RUNNING', 'STOPPED', 'TERMINATED'];

type Table = Record<CMLWorkerStatus, Row>;

const UNDER_WAY: Table = {
  PENDING: ['wait', 'wait', 'terminate'],
  RUNNING: ['none', 'stop', 'terminate'],
  STOPPING: ['wait', 'wait', 'terminate'],
  STOPPED: ['start', 'none', 'terminate'],
  SHUTTING_DOWN: ['wait', 'wait', 'wait'],
  UNKNOWN: ['wait', 'wait', 'terminate'],
  TERMINATED: ['none', 'none', 'none'],
};

/** Fulfilled once, and changed outside since: the sweep decides what is wanted now. */
const FULFILLED_BEFORE: Table = {
  ...UNDER_WAY,
  RUNNING: ['none', 'none', 'terminate'],
  STOPPED: ['none', 'none', 'terminate'],
};

const RESIZED: Table = {
  ...UNDER_WAY,
  STOPPED: ['apply-instance-type', 'apply-instance-type', 'terminate'],
};

/** AWS refused something, and its time has not come: what would call AWS waits. */
const REFUSED: Table = {
  PENDING: ['wait', 'wait', 'wait'],
  RUNNING: ['none', 'wait', 'wait'],
  STOPPING: ['wait', 'wait', 'wait'],
  STOPPED: ['wait', 'none', 'wait'],
  SHUTTING_DOWN: ['wait', 'wait', 'wait'],
  UNKNOWN: ['wait', 'wait', 'wait'],
  TERMINATED: ['none', 'none', 'none'],
};

const LICENSED: Table = {
  ...UNDER_WAY,
  PENDING: ['wait', 'wait', 'wait'],
  RUNNING: ['none', 'stop', 'wait'],
};

const NOTHING = Object.fromEntries(
  Object.keys(UNDER_WAY).map((status) => [status, ['none', 'none', 'none']]),
) as unknown as Table;

const reason = (nextTryAt: Date | null) => ({ code: 'no', message: 'no', at: at(30), nextTryAt });

describe.each<[name: string, variant: Partial<WorkerState>, table: Table]>([
  ['under way', {}, UNDER_WAY],
  ['fulfilled before', { convergedAt: at(35) }, FULFILLED_BEFORE],
  ['with another instance type to apply', { instanceType: 'm5zn.metal' }, RESIZED],
  ['refused by AWS, to be tried later', { statusReason: reason(plus(NOW, 1)) }, REFUSED],
  ['refused by AWS until a person asks again', { statusReason: reason(null) }, REFUSED],
  ['refused by AWS, with its time come', { statusReason: reason(NOW) }, UNDER_WAY],
  ['with a registered licence', { licenseStatus: 'REGISTERED' }, LICENSED],
  ['released', { releasedAt: at(50) }, NOTHING],
])('a worker with an instance, %s', (_name, variant, table) => {
  const cases = Object.entries(table).flatMap(([status, row]) =>
    DESIRED.map((desired, column) => [status as CMLWorkerStatus, desired, row[column]] as const),
  );

  it.each(cases)('%s, wanted %s: %s', (status, desired, action) => {
    const { state } = aWorker()
      .launched()
      .wanted(desired, { at: at(59) })
      .status(status);
    expect(nextAction({ ...state, ...variant }, { now: NOW, machineNow: NOW })).toBe(action);
  });
});

describe('a worker without an instance', () => {
  it.each<[desired: DesiredState, never: NextAction, requested: NextAction]>([
    ['RUNNING', 'prepare-launch', 'launch'],
    ['STOPPED', 'none', 'find-launched'],
    ['TERMINATED', 'end', 'find-launched'],
  ])('wanted %s: %s; with a launch that may have been sent: %s', (desired, never, requested) => {
    expect(next(aWorker().wanted(desired))).toBe(never);
    expect(next(aWorker().launchRequested().wanted(desired))).toBe(requested);
  });

  it('waits with a launch that AWS refused', () => {
    expect(next(aWorker().refused(plus(NOW, 1)))).toBe('wait');
    expect(next(aWorker().refused(NOW))).toBe('prepare-launch');
    expect(next(aWorker().refused(null))).toBe('wait');
    expect(next(aWorker().launchRequested().refused(plus(NOW, 1)))).toBe('wait');
  });

  it('ends whatever AWS refused before, for its end calls nobody', () => {
    expect(next(aWorker().wanted('TERMINATED').refused(null))).toBe('end');
  });
});

describe('an automatic stop', () => {
  const automatic = aWorker()
    .running()
    .wanted('STOPPED', { decisionId: 'd-1', sendBefore: at(31) });
  const before = plus(at(31), -1);

  it('is sent before its deadline, by machine time, in the turn that carries out its decision', () => {
    expect(nextAction(automatic.state, { now: at(1_000), machineNow: before, decisionId: 'd-1' })).toBe(
      'stop',
    );
  });

  it('is not sent any more from then on', () => {
    expect(nextAction(automatic.state, { now: at(0), machineNow: at(31), decisionId: 'd-1' })).toBe('wait');
  });

  it('is sent by nothing that only finds it', () => {
    expect(nextAction(automatic.state, { now: at(0), machineNow: before })).toBe('wait');
    expect(nextAction(automatic.state, { now: at(0), machineNow: before, decisionId: 'd-2' })).toBe('wait');
    const undecided = automatic.wanted('STOPPED', { decisionId: null, sendBefore: at(31) });
    expect(nextAction(undecided.state, { now: at(0), machineNow: before })).toBe('wait');
  });

  it('is not sent while the worker is snoozed or protected', () => {
    const by = { by: 'user:bob', reason: 'exam', at: at(30) };
    const turn = { machineNow: before, decisionId: 'd-1' };
    for (const kept of [
      automatic.snoozed({ ...by, until: at(90) }),
      automatic.protectedBy({ ...by, expiresAt: at(90) }),
    ]) {
      expect(nextAction(kept.state, { now: at(89), ...turn })).toBe('wait');
      expect(nextAction(kept.state, { now: at(90), ...turn })).toBe('stop');
    }
  });

  it('is the only one that is bound to a turn and a time', () => {
    expect(
      nextAction(aWorker().running().wanted('STOPPED').state, { now: at(60), machineNow: at(1_000) }),
    ).toBe('stop');
  });
});

describe('a stop that labs have overtaken', () => {
  const overtaken = aWorker().running().wanted('STOPPED').withLabs(1, at(70));

  it('waits for their end', () => {
    expect(next(overtaken)).toBe('wait');
    expect(next(overtaken.withLabs(0, at(80)))).toBe('stop');
  });

  it('does not wait when it was forced', () => {
    expect(next(aWorker().running().wanted('STOPPED', { force: true }).withLabs(1, at(70)))).toBe('stop');
  });
});
