import { at, aWorker, newWorker } from '../testing/worker.builder';
import { afterRefusal, placementOf } from './launch-fallback';
import { plainLaunch, placementsOf } from './launch-settings';
import { type WorkerState } from './worker-state';

const LIST = { instanceTypes: ['c5.metal', 'm5.metal'], subnetIds: ['subnet-a', 'subnet-b'] };
const reason = { code: 'No', message: 'AWS said no.', at: at(60), nextTryAt: at(61) };

function trying(nextPlacement: number, list: Partial<WorkerState['launch']> = LIST): WorkerState {
  const { state } = aWorker(newWorker({ launch: { ...plainLaunch('c5.metal'), ...list } }));
  return { ...state, nextPlacement };
}

describe('the ordered list of placements', () => {
  it('goes through the subnets of the first type before it comes to the next type', () => {
    expect(placementsOf(LIST)).toEqual([
      { instanceType: 'c5.metal', subnetId: 'subnet-a' },
      { instanceType: 'c5.metal', subnetId: 'subnet-b' },
      { instanceType: 'm5.metal', subnetId: 'subnet-a' },
      { instanceType: 'm5.metal', subnetId: 'subnet-b' },
    ]);
  });

  it('has the default subnet where none is named', () => {
    expect(placementsOf(plainLaunch('c5.metal'))).toEqual([{ instanceType: 'c5.metal', subnetId: null }]);
  });

  it('begins anew where a launch stands beyond its end', () => {
    expect(placementOf(trying(4))).toEqual({ instanceType: 'c5.metal', subnetId: 'subnet-a' });
    expect(placementOf(trying(3))).toEqual({ instanceType: 'm5.metal', subnetId: 'subnet-b' });
  });
});

describe('after a definite refusal', () => {
  it.each(['capacity', 'placement'] as const)('%s: the next placement is tried at once', (failure) => {
    expect(afterRefusal(trying(0), failure, reason)).toEqual({
      nextPlacement: 1,
      reason: { ...reason, message: 'AWS said no. Next: c5.metal in subnet-b.', nextTryAt: at(60) },
    });
  });

  it('quota: the next type, for a quota is the same in every subnet', () => {
    expect(afterRefusal(trying(0), 'quota', reason)).toMatchObject({ nextPlacement: 2 });
    expect(afterRefusal(trying(2), 'quota', reason)).toEqual({ nextPlacement: 0, reason });
  });

  it.each([
    'throttled',
    'unreachable',
    'later',
    'credentials',
    'rejected',
    'wrong-state',
    'not-found',
    'token-spent',
    'unclear',
  ] as const)('%s: the same placement, when its time has come', (failure) => {
    expect(afterRefusal(trying(1), failure, reason)).toEqual({ nextPlacement: 1, reason });
  });

  it('of the last placement there is a pause, and the first one is next', () => {
    expect(afterRefusal(trying(3), 'capacity', reason)).toEqual({ nextPlacement: 0, reason });
    expect(afterRefusal(trying(0, {}), 'capacity', reason)).toEqual({ nextPlacement: 0, reason });
  });

  it('names the default subnet by that', () => {
    const types = { instanceTypes: ['c5.metal', 'm5.metal'] };
    expect(afterRefusal(trying(0, types), 'capacity', reason).reason.message).toBe(
      'AWS said no. Next: m5.metal in the default subnet.',
    );
  });
});
