import { given } from '../testing/given';
import { at, aWorker, ENDPOINT, LOGIN, PRIVATE_IP } from '../testing/worker.builder';
import { type CMLWorkerStatus } from './worker-status';

const NOW = at(60);
const busy = aWorker().serving().withLabs(2);

const moved = (oldStatus: CMLWorkerStatus, newStatus: CMLWorkerStatus) =>
  ['worker.status-updated', { oldStatus, newStatus, updatedAt: NOW }] as const;

const serviceDown = (httpsEndpoint: string | null) =>
  [
    'worker.service-status-updated',
    {
      oldServiceStatus: 'AVAILABLE',
      newServiceStatus: 'UNAVAILABLE',
      reason: null,
      httpsEndpoint,
      updatedAt: NOW,
    },
  ] as const;

const readingsUnknown = [
  'worker.telemetry-updated',
  {
    lastActivityAt: at(20),
    ...LOGIN,
    activeLabsCount: null,
    cpuUtilization: null,
    memoryUtilization: null,
    updatedAt: NOW,
  },
] as const;

const addressesCleared = [
  'worker.endpoint-updated',
  { httpsEndpoint: null, publicIp: null, privateIp: PRIVATE_IP, updatedAt: NOW },
] as const;

describe('updateStatus', () => {
  it('is no event if unchanged', () => {
    given(aWorker().running())
      .when((worker) => worker.updateStatus('RUNNING', NOW))
      .then();
  });

  it.each([
    ['RUNNING', aWorker().stopped()],
    ['RUNNING', aWorker().running().status('STOPPING')],
    ['PENDING', aWorker().stopped()],
    ['RUNNING', aWorker().running().status('UNKNOWN')],
    ['UNKNOWN', aWorker().stopped()],
  ] as const)('accepts %s whatever was before, since polling misses steps', (status, past) => {
    given(past)
      .when((worker) => worker.updateStatus(status, NOW))
      .then(moved(past.state.status, status));
  });

  it.each(['STOPPING', 'SHUTTING_DOWN'] as const)(
    '%s: nothing serves, labs and load are unknown; last activity, address and endpoint stay',
    (status) => {
      given(busy)
        .when((worker) => worker.updateStatus(status, NOW))
        .then(moved('RUNNING', status), serviceDown(ENDPOINT), readingsUnknown);
    },
  );

  it('STOPPED: public address and endpoint are cleared too, for EC2 gives new ones at the next start', () => {
    given(busy)
      .when((worker) => worker.updateStatus('STOPPED', NOW))
      .then(moved('RUNNING', 'STOPPED'), serviceDown(null), readingsUnknown, addressesCleared);
  });

  it('PENDING after a run: polling missed the stop, and nothing that was read before holds', () => {
    given(busy)
      .when((worker) => worker.updateStatus('PENDING', NOW))
      .then(moved('RUNNING', 'PENDING'), serviceDown(null), readingsUnknown, addressesCleared);
  });

  it('STOPPED after STOPPING clears what STOPPING left', () => {
    given(aWorker().running().status('STOPPING'))
      .when((worker) => worker.updateStatus('STOPPED', NOW))
      .then(moved('STOPPING', 'STOPPED'), addressesCleared);
  });

  it.each(['STOPPING', 'STOPPED'] as const)('%s: what CML did not do does not matter', (status) => {
    const worker = aWorker().running().failing('STARTING', 'no-answer').build();
    worker.updateStatus(status, NOW);
    expect(worker.state).toMatchObject({ serviceStatus: 'UNAVAILABLE', serviceReason: null });
    const away = aWorker().running().failing('UNAVAILABLE', 'no-answer').build();
    away.updateStatus(status, NOW);
    expect(away.state.serviceReason).toBeNull();
  });

  it('UNKNOWN clears nothing', () => {
    given(busy.stopPlanned({ at: at(70), reason: 'idle', decisionId: 'd-1', cause: 'idle' }))
      .when((worker) => worker.updateStatus('UNKNOWN', NOW))
      .then(moved('RUNNING', 'UNKNOWN'));
  });

  it('a planned stop is done with once the instance goes down', () => {
    const planned = aWorker()
      .running()
      .stopPlanned({ at: at(70), reason: 'idle', decisionId: 'd-1', cause: 'idle' });
    given(planned)
      .when((worker) => worker.updateStatus('STOPPING', NOW))
      .then(moved('RUNNING', 'STOPPING'), [
        'worker.planned-stop-updated',
        { plannedStop: null, updatedAt: NOW },
      ]);
  });
});

describe('the present run', () => {
  const runningSince = (past: typeof busy, ...next: CMLWorkerStatus[]) => {
    const worker = past.build();
    next.forEach((status, minute) => worker.updateStatus(status, at(60 + minute)));
    return worker.state.runningSince;
  };

  it('begins when the instance is first seen RUNNING', () => {
    expect(runningSince(aWorker().launched(), 'RUNNING')).toEqual(at(60));
  });

  it('goes on through a time in which nobody could tell', () => {
    expect(runningSince(aWorker().running(at(10)), 'UNKNOWN', 'RUNNING')).toEqual(at(10));
  });

  it('ends with a stop; the next one is another', () => {
    expect(runningSince(aWorker().running(at(10)), 'STOPPING')).toBeNull();
    expect(runningSince(aWorker().running(at(10)), 'STOPPING', 'PENDING', 'RUNNING')).toEqual(at(62));
  });
});

describe('the end', () => {
  const gone = (oldStatus: CMLWorkerStatus, terminatedBy: string | null) =>
    [
      moved(oldStatus, 'TERMINATED'),
      ['worker.terminated', { name: 'lab-1', terminatedAt: NOW, terminatedBy }],
    ] as const;

  it('is raised when termination is observed, with the by of the intent', () => {
    given(aWorker().stopped().wanted('TERMINATED', { by: 'user:bob' }).status('SHUTTING_DOWN'))
      .when((worker) => worker.updateStatus('TERMINATED', NOW))
      .then(...gone('SHUTTING_DOWN', 'user:bob'));
  });

  it('is nobody’s here where nobody here wanted it', () => {
    given(aWorker().stopped())
      .when((worker) => worker.updateStatus('TERMINATED', NOW))
      .then(...gone('STOPPED', null));
  });

  it('takes everything with it that was read while it ran', () => {
    given(busy)
      .when((worker) => worker.updateStatus('TERMINATED', NOW))
      .then(serviceDown(null), readingsUnknown, addressesCleared, ...gone('RUNNING', null));
  });

  it('takes it with it also where EC2 does not know the instance any more', () => {
    given(busy.status('UNKNOWN'))
      .when((worker) => worker.terminate('user:bob', NOW))
      .then(serviceDown(null), readingsUnknown, addressesCleared, ...gone('UNKNOWN', 'user:bob'));
  });

  it('tells what EC2 says about an end that nobody wanted, and keeps it', () => {
    const stateReason = { code: 'Server.InsufficientInstanceCapacity', message: 'no capacity' };
    const reading = { status: 'TERMINATED', publicIp: null, privateIp: null, begunAt: NOW } as const;
    given(aWorker().stopped().refused(at(90)))
      .when((worker) => worker.observe({ ...reading, stateReason }, NOW))
      .then(
        [
          'worker.drift-detected',
          {
            attribute: 'state',
            wanted: 'STOPPED',
            found: 'TERMINATED',
            why: 'no capacity',
            policy: 'follow',
            detectedAt: NOW,
          },
        ],
        [
          'worker.status-reason-updated',
          { reason: { ...stateReason, at: NOW, nextTryAt: null }, updatedAt: NOW },
        ],
        ...gone('STOPPED', null),
      );
  });

  it('does not tell it about an end that was wanted', () => {
    const stateReason = { code: 'Client.UserInitiatedShutdown', message: 'user initiated' };
    const reading = { status: 'TERMINATED', publicIp: null, privateIp: null, begunAt: NOW } as const;
    given(aWorker().stopped().wanted('TERMINATED'))
      .when((worker) => worker.observe({ ...reading, stateReason }, NOW))
      .then(...gone('STOPPED', 'user:alice'));
  });

  it('that was wanted leaves nothing in the way', () => {
    given(aWorker().stopped().wanted('TERMINATED').refused(at(90)))
      .when((worker) => worker.updateStatus('TERMINATED', NOW))
      .then(
        ['worker.status-reason-updated', { reason: null, updatedAt: NOW }],
        ...gone('STOPPED', 'user:alice'),
      );
  });

  it('comes once', () => {
    given(aWorker().running().terminated())
      .when((worker) => worker.terminate('user:bob', NOW))
      .then();
  });
});
