import { MINUTE, plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, ENDPOINT, PRIVATE_IP, PUBLIC_IP, wanting } from '../testing/worker.builder';
import { observeInstance } from './instance-observation';
import { type SweptReading } from './instance-reading';
import { nextAction } from './next-action';
import { type CMLWorkerStatus } from './worker-status';

const NOW = at(60);

function reading(status: CMLWorkerStatus, given: Partial<SweptReading> = {}): SweptReading {
  return { status, publicIp: null, privateIp: null, stateReason: null, begunAt: at(60), ...given };
}

const moved = (oldStatus: CMLWorkerStatus, newStatus: CMLWorkerStatus) =>
  ['worker.status-updated', { oldStatus, newStatus, updatedAt: NOW }] as const;

describe('addresses', () => {
  const other = '203.0.113.99';

  it('follow the reading; the endpoint, which was made of the old one, is forgotten', () => {
    given(aWorker().serving())
      .when((worker) => worker.observe(reading('RUNNING', { publicIp: other }), NOW))
      .then([
        'worker.endpoint-updated',
        { httpsEndpoint: null, publicIp: other, privateIp: PRIVATE_IP, updatedAt: NOW },
      ]);
  });

  it('that EC2 did not say are kept', () => {
    given(aWorker().serving())
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then();
  });

  it('learned for the first time wipe no endpoint', () => {
    const worker = aWorker().stopped().status('RUNNING', at(50)).serving(at(55)).build();
    expect(worker.state).toMatchObject({ publicIp: null, httpsEndpoint: ENDPOINT });
    worker.observe(reading('RUNNING', { publicIp: PUBLIC_IP }), NOW);
    expect(worker.state).toMatchObject({ publicIp: PUBLIC_IP, httpsEndpoint: ENDPOINT });
  });

  it('of an instance that is down are left out', () => {
    given(aWorker().stopped())
      .when((worker) => worker.observe(reading('STOPPED', { publicIp: other }), NOW))
      .then();
  });
});

describe('an intent is fulfilled', () => {
  it('the first time that the instance is seen as wanted', () => {
    given(aWorker().launched())
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then(moved('PENDING', 'RUNNING'), ['worker.converged', { convergedAt: NOW }]);
  });

  it('and what stood in its way is over', () => {
    given(aWorker().running().wanted('STOPPED').refused(at(90)))
      .when((worker) => worker.observe(reading('STOPPED'), NOW))
      .then(
        moved('RUNNING', 'STOPPED'),
        [
          'worker.endpoint-updated',
          { httpsEndpoint: null, publicIp: null, privateIp: PRIVATE_IP, updatedAt: NOW },
        ],
        ['worker.status-reason-updated', { reason: null, updatedAt: NOW }],
        ['worker.converged', { convergedAt: NOW }],
      );
  });

  it('only once', () => {
    given(aWorker().running())
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then();
  });

  it('not while it is on its way', () => {
    given(aWorker().stopped().wanted('RUNNING'))
      .when((worker) => worker.observe(reading('PENDING'), NOW))
      .then(moved('STOPPED', 'PENDING'));
  });
});

describe('drift: what was fulfilled once and is otherwise now was changed outside', () => {
  it('a start outside that nobody saw the stop before is not worked against, and followed', () => {
    const worker = aWorker()
      .running()
      .wanted('STOPPED')
      .answered('STOPPING', at(31))
      .status('STOPPING', at(31))
      .build();
    worker.observe(reading('RUNNING'), NOW);
    expect(worker.state).toMatchObject({ status: 'RUNNING', desired: { state: 'STOPPED' } });
    expect(nextAction(worker.state, { now: NOW, machineNow: NOW })).toBe('none');
    worker.observe(reading('RUNNING', { begunAt: at(61) }), at(61));
    const reason = 'found RUNNING although STOPPED was wanted: changed outside cml-fleet';
    const desired = wanting('RUNNING', { by: 'system:drift', reason, at: at(61) });
    expect(worker.state).toMatchObject({ desired, convergedAt: at(61) });
  });

  it('also one of a worker which was stopped automatically', () => {
    const worker = aWorker()
      .running()
      .wanted('STOPPED', { at: at(29), sendBefore: at(31) })
      .stopped()
      .build();
    worker.observe(reading('RUNNING'), NOW);
    worker.observe(reading('RUNNING', { begunAt: at(61) }), at(61));
    expect(worker.state).toMatchObject({ desired: { state: 'RUNNING', by: 'system:drift' } });
  });

  it('is not a stop that EC2 answered before somebody wanted another one', () => {
    given(aWorker().running().answered('STOPPING', at(29)).wanted('STOPPED'))
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then();
  });

  it('is not what has not been fulfilled yet', () => {
    given(aWorker().stopped().wanted('RUNNING'))
      .when((worker) => worker.observe(reading('STOPPED'), NOW))
      .then();
  });

  it('never takes a termination back', () => {
    const terminating = aWorker().running().wanted('TERMINATED');
    given(terminating)
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then();
    const fulfilledBefore = { ...terminating.state, convergedAt: at(35) };
    expect(observeInstance(fulfilledBefore, reading('RUNNING'), NOW)).toEqual([]);
  });
});

describe('a start that came to nothing', () => {
  const started = aWorker()
    .stopped()
    .wanted('RUNNING', { at: at(50) });

  it('is told with what EC2 says, and repeated after a pause', () => {
    const stateReason = { code: 'Client.InternalError', message: 'Client error on launch' };
    const reason = { ...stateReason, at: NOW, nextTryAt: at(65) };
    const worker = started.answered('PENDING', at(51)).status('PENDING', at(51));
    given(worker)
      .when((worker) => worker.observe(reading('STOPPED', { stateReason }), NOW))
      .then(moved('PENDING', 'STOPPED'), ['worker.status-reason-updated', { reason, updatedAt: NOW }]);
    const after = worker.build();
    after.observe(reading('STOPPED', { stateReason }), NOW);
    expect([at(64), at(65)].map((now) => nextAction(after.state, { now, machineNow: now }))).toEqual([
      'wait',
      'start',
    ]);
  });

  it('is not one that ran and was stopped outside later', () => {
    const ran = started.answered('PENDING', at(51)).running(at(55)).build();
    ran.observe(reading('STOPPED'), NOW);
    expect(ran.state).toMatchObject({ status: 'STOPPED', statusReason: null });
  });

  it('is not one that was answered before it was wanted', () => {
    given(started.answered('PENDING', at(49)).status('STOPPING', at(49)))
      .when((worker) => worker.observe(reading('STOPPED'), NOW))
      .then(moved('STOPPING', 'STOPPED'));
  });
});

describe('an automatic stop that was not sent in time', () => {
  it('is withdrawn: its live probe says nothing about now', () => {
    const reason = 'the stop was not sent in time, and its live probe has become too old to act on';
    const desired = wanting('RUNNING', { by: 'system:reconciler', reason, at: NOW });
    const automatic = { at: at(57), decisionId: 'd-1', sendBefore: at(58) };
    given(aWorker().running().wanted('STOPPED', automatic))
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then(
        ['worker.stop-withdrawn', { decisionId: 'd-1', desired }],
        ['worker.converged', { convergedAt: NOW }],
      );
  });
});

it("AWS's refusal of an automatic stop outlives its withdrawal by half an hour; that it was too late does not", () => {
  const automatic = { at: at(57), decisionId: 'd-1', sendBefore: at(58) };
  const told = (code: string) => aWorker().running().wanted('STOPPED', automatic).refused(null, code).build();
  const withdrawn = told('OperationNotPermitted');
  withdrawn.observe(reading('RUNNING'), NOW);
  expect(withdrawn.state).toMatchObject({
    desired: { state: 'RUNNING' },
    statusReason: { code: 'OperationNotPermitted', nextTryAt: plus(NOW, 30 * MINUTE) },
    convergedAt: NOW,
  });
  const late = told('SendBeforePassed');
  late.observe(reading('RUNNING'), NOW);
  expect(late.state.statusReason).toBeNull();
});

describe('an instance that was lost', () => {
  it('is found again: what was told of it holds no more', () => {
    given(aWorker().running().status('UNKNOWN').refused(null, 'lost'))
      .when((worker) => worker.observe(reading('RUNNING'), NOW))
      .then(moved('UNKNOWN', 'RUNNING'), ['worker.status-reason-updated', { reason: null, updatedAt: NOW }]);
  });
});

describe('a reading that changes nothing', () => {
  it.each([
    ['one begun before EC2 answered our call', aWorker().running().answered('STOPPING', at(61))],
    ['one that contradicts the answer', aWorker().running().answered('SHUTTING_DOWN', at(60))],
    ['one of a released worker', aWorker().running().released()],
    ['one of a worker that is gone', aWorker().running().terminated()],
  ])('%s', (_name, past) => {
    given(past)
      .when((worker) => worker.observe(reading('STOPPED'), NOW))
      .then();
  });
});
