import { at, aWorker, newWorker } from '../testing/worker.builder';
import { type SweptReading } from './instance-reading';
import { plainLaunch } from './launch-settings';
import { nextAction } from './next-action';
import { type CMLWorkerStatus } from './worker-status';

const small = newWorker({ instanceType: 'c5.2xlarge', launch: plainLaunch('c5.2xlarge') });

function seen(status: CMLWorkerStatus, minute: number): SweptReading {
  return { status, publicIp: null, privateIp: null, stateReason: null, begunAt: at(minute) };
}

function onItsWay(status: CMLWorkerStatus, instanceType: string) {
  const placement = { instanceType, subnetId: null };
  return aWorker(small)
    .launchRequested({ placement })
    .launched()
    .running()
    .wanted('STOPPED')
    .status(status, at(30));
}

describe('an instance that is on its way for too long', () => {
  it.each([
    ['STOPPING', 'c5.2xlarge', 10],
    ['STOPPING', 'm5zn.metal', 20],
    ['STOPPING', 'c8i.metal-48xl', 20],
    ['PENDING', 'c5.2xlarge', 10],
    ['PENDING', 'm5zn.metal', 30],
    ['SHUTTING_DOWN', 'c5.2xlarge', 20],
    ['SHUTTING_DOWN', 'm5zn.metal', 30],
  ] as const)('%s of a %s: after %s minutes, once', (status, instanceType, budgetMinutes) => {
    const worker = onItsWay(status, instanceType).build();
    worker.observe(seen(status, 30 + budgetMinutes - 1), at(90));
    expect(worker.uncommitted).toEqual([]);
    worker.observe(seen(status, 30 + budgetMinutes), at(91));
    worker.observe(seen(status, 80), at(92));
    expect(worker.uncommitted.map(({ type, data }) => ({ type, data }))).toMatchObject([
      {
        type: 'worker.transition-overdue',
        data: { status, since: at(30), budgetMinutes, detectedAt: at(91) },
      },
      { type: 'worker.status-reason-updated', data: { reason: { code: 'transition-overdue' } } },
    ]);
  });

  it('is so no more when it arrives', () => {
    const worker = onItsWay('STOPPING', 'c5.2xlarge').build();
    worker.observe(seen('STOPPING', 50), at(50));
    expect(worker.state.overdue).toEqual({ status: 'STOPPING', at: at(50), forcedAt: null });
    worker.observe(seen('STOPPED', 51), at(51));
    expect(worker.state).toMatchObject({ overdue: null, statusReason: null });
  });

  it('is not one that waited long for its instance', () => {
    const worker = aWorker(small)
      .launchRequested({ at: at(120) })
      .build();
    worker.assignInstance({ awsInstanceId: 'i-1' }, at(120));
    worker.observe(seen('PENDING', 125), at(125));
    expect(worker.state.overdue).toBeNull();
    worker.observe(seen('PENDING', 131), at(131));
    expect(worker.state.overdue).toBeNull();
    worker.observe(seen('PENDING', 150), at(150));
    expect(worker.state.overdue).not.toBeNull();
  });

  it.each([
    ['RUNNING', 200],
    ['STOPPED', 200],
  ] as const)('is not one that is %s', (status, minute) => {
    const worker = onItsWay(status, 'c5.2xlarge').build();
    worker.observe(seen(status, minute), at(minute));
    expect(worker.state.overdue).toBeNull();
  });
});

describe('a stop that hangs', () => {
  const hanging = onItsWay('STOPPING', 'c5.2xlarge').build();
  hanging.observe(seen('STOPPING', 50), at(50));
  const next = (forceOverdueStop: boolean) =>
    nextAction(hanging.state, { now: at(50), machineNow: at(50), forceOverdueStop });

  it('is forced by policy, once', () => {
    expect(next(false)).toBe('wait');
    expect(next(true)).toBe('force-stop');
    expect(hanging.stopForced(at(51))).toBe(true);
    expect(next(true)).toBe('wait');
    expect(hanging.stopForced(at(52))).toBe(false);
  });
});
