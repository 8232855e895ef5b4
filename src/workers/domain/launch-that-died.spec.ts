import { given } from '../testing/given';
import { at, aWorker } from '../testing/worker.builder';
import { type SweptReading } from './instance-reading';
import { plainLaunch } from './launch-settings';

const NOW = at(60);

function ended(code: string | null): SweptReading {
  const stateReason = code === null ? null : { code, message: `${code}: it ended` };
  return { status: 'TERMINATED', publicIp: null, privateIp: null, stateReason, begunAt: NOW };
}

const twoTypes = { ...plainLaunch('c5.metal'), instanceTypes: ['c5.metal', 'm5.metal'] };

describe('an instance that ended before it ever ran', () => {
  it('for want of capacity: the launch is begun anew, at the next placement and at once', () => {
    const worker = aWorker({ launch: twoTypes }).launched().build();
    worker.observe(ended('Server.InsufficientInstanceCapacity'), NOW);
    expect(worker.uncommitted.map(({ type }) => type)).toEqual(['worker.launch-failed']);
    expect(worker.state).toMatchObject({
      status: 'PENDING',
      awsInstanceId: null,
      launchRequest: null,
      launchAttempt: 1,
      nextPlacement: 1,
      statusReason: { code: 'Server.InsufficientInstanceCapacity', nextTryAt: NOW },
    });
  });

  it('is no end of a worker that is wanted STOPPED by now: it is launched when it is wanted again', () => {
    const worker = aWorker().launched().wanted('STOPPED').build();
    worker.observe(ended('Server.InternalError'), NOW);
    expect(worker.state).toMatchObject({ status: 'PENDING', awsInstanceId: null, launchRequest: null });
  });

  it('while AWS could not be read: the launch is begun anew all the same', () => {
    const worker = aWorker().launched().status('UNKNOWN').build();
    worker.observe(ended('Server.InternalError'), NOW);
    expect(worker.state).toMatchObject({ status: 'PENDING', awsInstanceId: null, launchRequest: null });
  });

  it("by AWS's own fault: the same again, after a pause", () => {
    given(aWorker().launched())
      .when((worker) => worker.observe(ended('Server.InternalError'), NOW))
      .then([
        'worker.launch-failed',
        {
          attempt: 1,
          nextPlacement: 0,
          reason: {
            code: 'Server.InternalError',
            message: 'The instance ended before it ran: Server.InternalError: it ended.',
            at: NOW,
            nextTryAt: at(65),
          },
        },
      ]);
  });

  it('by our settings, a key that may not be used say: a person must mend them', () => {
    const worker = aWorker().launched().build();
    worker.observe(ended('Client.InternalError'), NOW);
    expect(worker.state.statusReason).toMatchObject({ code: 'Client.InternalError', nextTryAt: null });
  });

  it('also where a sweep saw it on its way to the end', () => {
    const worker = aWorker().launched().build();
    worker.observe({ ...ended(null), status: 'SHUTTING_DOWN' }, at(50));
    worker.observe(ended('Server.InternalError'), NOW);
    expect(worker.state).toMatchObject({
      awsInstanceId: null,
      statusReason: { code: 'Server.InternalError' },
    });
  });

  it.each([
    ['a person ended it', aWorker().launched(), 'Client.UserInitiatedShutdown'],
    ['EC2 does not say why', aWorker().launched(), null],
    ['it had run', aWorker().running(), 'Server.InternalError'],
    ['it had run, and then could not be read', aWorker().running().status('UNKNOWN'), 'Server.InternalError'],
    [
      'it had run before, and was started again',
      aWorker().stopped().wanted('RUNNING').answered('PENDING', at(50)).status('PENDING'),
      'Server.InternalError',
    ],
    ['nobody wants it any more', aWorker().launched().wanted('TERMINATED'), 'Server.InternalError'],
  ])('ends the worker where %s', (_name, past, code) => {
    const worker = past.build();
    worker.observe(ended(code), NOW);
    expect(worker.state.status).toBe('TERMINATED');
  });
});
