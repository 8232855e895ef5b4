import { given } from '../testing/given';
import { at, aWorker, INSTANCE_ID, launchRequest, PRIVATE_IP, PUBLIC_IP } from '../testing/worker.builder';

const NOW = at(60);
const noCapacity = {
  code: 'InsufficientInstanceCapacity',
  message: 'no c5.metal in us-east-1',
  at: at(60),
  nextTryAt: at(62),
};

describe('the launch request is stored before the call', () => {
  it('in full, with its attempt and image', () => {
    const request = launchRequest();
    given(aWorker())
      .when((worker) => worker.requestLaunch(request))
      .then(['worker.launch-requested', { request }]);
    expect(aWorker().launchRequested().state).toMatchObject({
      launchRequest: request,
      launchAttempt: 1,
      amiId: 'ami-1',
      amiName: 'cml-2.9.0',
    });
  });

  it.each([
    ['one is stored already, which may be on its way', aWorker().launchRequested()],
    ['there is an instance', aWorker().launched()],
    ['the worker is wanted STOPPED by now', aWorker().wanted('STOPPED')],
    ['the attempt has failed already', aWorker().launchRequested({ attempt: 2 }).launchFailed()],
    ['the worker is gone by now', aWorker().terminated()],
  ])('not where %s', (_name, past) => {
    given(past)
      .when((worker) => worker.requestLaunch(launchRequest({ attempt: 2, clientToken: 'token-2' })))
      .then();
  });

  it('not by a process that stood still while another one made and lost that attempt', () => {
    const past = aWorker().launchRequested().build();
    past.failLaunch({ attempt: 1, tries: 0 }, 'capacity', noCapacity);
    expect(past.requestLaunch(launchRequest({ attempt: 1 }))).toBe(false);
    expect(past.requestLaunch(launchRequest({ attempt: 2, clientToken: 'token-2' }))).toBe(true);
  });
});

describe('a launch that definitely made no instance', () => {
  it('is over, and tells why', () => {
    given(aWorker().launchRequested())
      .when((worker) => worker.failLaunch({ attempt: 1, tries: 0 }, 'capacity', noCapacity))
      .then(['worker.launch-failed', { attempt: 1, reason: noCapacity, nextPlacement: 0 }]);
  });

  it('leaves its number behind, so that the next attempt is another one', () => {
    const worker = aWorker().launchRequested().build();
    worker.failLaunch({ attempt: 1, tries: 0 }, 'capacity', noCapacity);
    expect(worker.state).toMatchObject({ launchRequest: null, launchAttempt: 1, statusReason: noCapacity });
  });

  it.each([
    ['a later attempt is on its way', aWorker().launchRequested({ attempt: 2 })],
    ['none was stored', aWorker()],
    ['the instance was found meanwhile', aWorker().launched()],
  ])('is no event where %s', (_name, past) => {
    given(past)
      .when((worker) => worker.failLaunch({ attempt: 1, tries: 0 }, 'capacity', noCapacity))
      .then();
  });
});

describe('assignInstance', () => {
  const instance = {
    awsInstanceId: INSTANCE_ID,
    awsAccountId: '111122223333',
    publicIp: PUBLIC_IP,
    privateIp: PRIVATE_IP,
  };

  it('gives the worker its instance, and what stood in the way is over', () => {
    const past = aWorker().launchRequested().refused(at(31));
    given(past)
      .when((worker) => worker.assignInstance(instance, NOW))
      .then(['worker.instance-assigned', { ...instance, assignedAt: NOW }]);
    const worker = past.build();
    worker.assignInstance(instance, NOW);
    expect(worker.state).toMatchObject({ ...instance, statusReason: null });
  });

  it('takes what is not said as unknown', () => {
    given(aWorker().launchRequested())
      .when((worker) => worker.assignInstance({ awsInstanceId: INSTANCE_ID }, NOW))
      .then([
        'worker.instance-assigned',
        {
          awsInstanceId: INSTANCE_ID,
          awsAccountId: null,
          publicIp: null,
          privateIp: null,
          assignedAt: NOW,
        },
      ]);
  });

  it('adopts an instance for a worker that is wanted no more, so that none is leaked', () => {
    given(aWorker().launchRequested().wanted('TERMINATED'))
      .when((worker) => worker.assignInstance(instance, NOW))
      .then(['worker.instance-assigned', { ...instance, assignedAt: NOW }]);
  });

  it.each([
    ['the same instance again', aWorker().launched()],
    ['another one in its place, which would leave the first unmanaged', aWorker().launched('i-other')],
    ['one to a worker that is gone', aWorker().terminated()],
  ])('does not give %s', (_name, past) => {
    given(past)
      .when((worker) => worker.assignInstance(instance, NOW))
      .then();
  });
});

describe("EC2's answer to Start, Stop or Terminate", () => {
  it('is an observation', () => {
    given(aWorker().stopped().wanted('RUNNING'))
      .when((worker) => worker.callAnswered('PENDING', NOW))
      .then(
        ['worker.call-answered', { status: 'PENDING', answeredAt: NOW }],
        ['worker.status-updated', { oldStatus: 'STOPPED', newStatus: 'PENDING', updatedAt: NOW }],
      );
  });

  it('is kept where it says nothing new too, since readings are held against it', () => {
    given(aWorker().stopped().wanted('RUNNING').status('PENDING'))
      .when((worker) => worker.callAnswered('PENDING', NOW))
      .then(['worker.call-answered', { status: 'PENDING', answeredAt: NOW }]);
  });

  it('tells of the past where EC2 has answered a later call since', () => {
    const restarted = (begunAt: Date) => {
      const worker = aWorker().stopped().wanted('RUNNING').build();
      worker.callAnswered('PENDING', at(59));
      return worker.callAnswered('STOPPING', NOW, begunAt);
    };
    expect(restarted(at(58))).toBe(false);
    expect(restarted(at(59))).toBe(true);
  });

  it('changes nothing on a worker that is gone', () => {
    given(aWorker().running().terminated())
      .when((worker) => worker.callAnswered('SHUTTING_DOWN', NOW))
      .then();
  });
});

describe('a changed instance type', () => {
  it('is applied', () => {
    given(aWorker().stopped().resized('m5zn.metal'))
      .when((worker) => worker.instanceTypeApplied('m5zn.metal', NOW))
      .then(['worker.instance-type-applied', { instanceType: 'm5zn.metal', appliedAt: NOW }]);
  });

  it('once', () => {
    given(aWorker().stopped())
      .when((worker) => worker.instanceTypeApplied('c5.metal', NOW))
      .then();
  });
});

describe('why the worker is not as wanted', () => {
  const refused = aWorker().refused(at(62));
  const reason = { code: 'InsufficientInstanceCapacity', message: 'no', at: at(60), nextTryAt: at(62) };

  it.each([
    ['another code', { ...reason, code: 'VcpuLimitExceeded' }],
    ['another message', { ...reason, message: 'still no' }],
    ['another next try', { ...reason, nextTryAt: at(90) }],
    ['no next try', { ...reason, nextTryAt: null }],
    ['nothing any more', null],
  ])('is an event for %s', (_name, changed) => {
    given(refused)
      .when((worker) => worker.explain(changed, NOW))
      .then(['worker.status-reason-updated', { reason: changed, updatedAt: NOW }]);
  });

  it('is no event where only time has passed', () => {
    given(refused)
      .when((worker) => worker.explain(reason, NOW))
      .then();
  });

  it('is no event where nothing was in the way before either', () => {
    given(aWorker())
      .when((worker) => worker.explain(null, NOW))
      .then();
  });
});
