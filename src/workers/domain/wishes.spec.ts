import { given } from '../testing/given';
import { at, aWorker, wanting } from '../testing/worker.builder';
import { InvalidTransition, LabsRunning, LabsUnknown } from './worker-errors';

const bob = { by: 'user:bob', reason: 'class is over', at: at(60) };
const byReaper = { by: 'system:reaper', reason: 'idle', at: at(60), decisionId: 'd-1', sendBefore: at(61) };
const bobsIntent = { by: 'user:bob', reason: 'class is over', at: at(60) };

const bobsStart = ['worker.use-noted', { use: { kind: 'start', by: 'user:bob', at: at(60) } }] as const;

const terminating = aWorker().running().wanted('TERMINATED');
const gone = aWorker().running().terminated();
const released = aWorker().running().released();

describe('a wish changes the intent only', () => {
  it('start of a stopped worker: RUNNING is wanted, its status stays', () => {
    given(aWorker().stopped())
      .when((worker) => worker.requestStart(bob))
      .then(['worker.desired-state-updated', { desired: wanting('RUNNING', bobsIntent) }], bobsStart);
  });

  it('stop of a worker without running labs: STOPPED is wanted', () => {
    given(aWorker().serving().idleSince(at(20)))
      .when((worker) => worker.requestStop(bob))
      .then(['worker.desired-state-updated', { desired: wanting('STOPPED', bobsIntent) }]);
  });

  it('an automatic stop carries its decision and the time until which it may be sent', () => {
    given(aWorker().running().idleSince(at(20)))
      .when((worker) => worker.requestStop(byReaper))
      .then(['worker.desired-state-updated', { desired: { state: 'STOPPED', ...byReaper } }]);
  });

  it('termination of a worker with an instance waits for EC2 to show it', () => {
    given(aWorker().launched())
      .when((worker) => worker.requestTerminate(bob))
      .then(['worker.desired-state-updated', { desired: wanting('TERMINATED', bobsIntent) }]);
  });

  it('what stood in the way of the wish before is over', () => {
    const worker = aWorker().running().withLabs(0).wanted('STOPPED').refused(null).build();
    worker.requestStart(bob);
    expect(worker.state).toMatchObject({
      desired: { state: 'RUNNING' },
      statusReason: null,
      convergedAt: null,
    });
  });

  it('starting while a stop is not carried out yet takes the stop back', () => {
    given(aWorker().running().wanted('STOPPED'))
      .when((worker) => worker.requestStart(bob))
      .then(['worker.desired-state-updated', { desired: wanting('RUNNING', bobsIntent) }], bobsStart);
  });
});

describe('never stop a busy worker, and unknown is not idle', () => {
  const busy = aWorker().running().withLabs(2);
  const unread = aWorker().running();

  it('refuses the stop of a worker with running labs', () => {
    given(busy)
      .when((worker) => worker.requestStop(bob))
      .thenThrows(new LabsRunning(busy.state, 2));
  });

  it('refuses the stop of a running worker whose labs nobody has read', () => {
    given(unread)
      .when((worker) => worker.requestStop(bob))
      .thenThrows(new LabsUnknown(unread.state));
  });

  it('refuses the stop of a worker that had no labs when its CML server was last read, which it is not any more', () => {
    const silent = aWorker().serving().withLabs(0).service('UNAVAILABLE', null, at(40));
    given(silent)
      .when((worker) => worker.requestStop(bob))
      .thenThrows(new LabsUnknown(silent.state));
    given(silent)
      .when((worker) => worker.requestStop({ ...bob, sendBefore: at(61) }))
      .then([
        'worker.desired-state-updated',
        { desired: wanting('STOPPED', { ...bobsIntent, sendBefore: at(61) }) },
      ]);
  });

  it('stops one whose labs nobody can tell of at its maximum uptime, by itself only, and never with labs', () => {
    const sendBefore = at(61);
    const byUptime = { ...byReaper, sendBefore, despiteUnknownLabs: true };
    given(unread)
      .when((worker) => worker.requestStop(byUptime))
      .then(['worker.desired-state-updated', { desired: wanting('STOPPED', { ...byReaper, sendBefore }) }]);
    given(busy)
      .when((worker) => worker.requestStop(byUptime))
      .thenThrows(new LabsRunning(busy.state, 2));
    given(unread)
      .when((worker) => worker.requestStop({ ...bob, despiteUnknownLabs: true }))
      .thenThrows(new LabsUnknown(unread.state));
  });

  it('goes by a fresh reading of the labs, for nobody knows how old the count of the worker is', () => {
    const counted = aWorker().serving().withLabs(0);
    given(counted)
      .when((worker) => worker.requestStop({ ...bob, labs: 3 }))
      .thenThrows(new LabsRunning(counted.state, 3));
    given(counted)
      .when((worker) => worker.requestStop({ ...bob, labs: null }))
      .thenThrows(new LabsUnknown(counted.state));
    given(counted)
      .when((worker) => worker.requestStop({ ...bob, labs: 0 }))
      .then(['worker.desired-state-updated', { desired: wanting('STOPPED', bobsIntent) }]);
    given(busy)
      .when((worker) => worker.requestStop({ ...bob, labs: 0 }))
      .thenThrows(new LabsRunning(busy.state, 2));
  });

  it('refuses it too while the EC2 status is UNKNOWN, for the instance may be running with its labs', () => {
    const lost = busy.status('UNKNOWN');
    given(lost)
      .when((worker) => worker.requestStop(bob))
      .thenThrows(new LabsRunning(lost.state, 2));
  });

  it.each([
    ['with running labs', busy],
    ['with unknown labs', unread],
  ])('stops one %s by force', (_labs, worker) => {
    given(worker)
      .when((stopped) => stopped.requestStop({ ...bob, force: true }))
      .then([
        'worker.desired-state-updated',
        { desired: wanting('STOPPED', { ...bobsIntent, force: true, stopLabs: true, stopBy: at(62) }) },
      ]);
  });

  it('needs no force while nothing can run yet', () => {
    given(aWorker().launched())
      .when((worker) => worker.requestStop(bob))
      .then(['worker.desired-state-updated', { desired: wanting('STOPPED', bobsIntent) }]);
  });
});

it('an automatic stop that AWS refused is not asked for again until its time has come; a person may', () => {
  const refused = aWorker().serving().withLabs(0).refused(at(90));
  const remedy = `AWS refused it: ${refused.state.statusReason?.message} It is tried again after ${at(90).toISOString()}.`;
  given(refused)
    .when((worker) => worker.requestStop(byReaper))
    .thenThrows(new InvalidTransition(refused.state, 'stopped automatically', remedy));
  given(refused)
    .when((worker) => worker.requestStop(bob))
    .then(['worker.desired-state-updated', { desired: wanting('STOPPED', bobsIntent) }]);
});

it('tags that AWS refused keep no automatic stop away', () => {
  const worker = aWorker().serving().withLabs(0).refused(at(90), 'tags-not-applied').build();
  expect(worker.requestStop(byReaper)).toBe(true);
});

describe('what is wanted already', () => {
  it('is no change of intent where it is fulfilled, but a use', () => {
    given(aWorker().running())
      .when((worker) => worker.requestStart(bob))
      .then(bobsStart);
    given(aWorker().running())
      .when((worker) => worker.requestStart({ ...bob, by: 'system:reaper' }))
      .then();
  });

  it('is no event where it is under way', () => {
    given(aWorker().running().withLabs(0).wanted('STOPPED'))
      .when((worker) => worker.requestStop(bob))
      .then();
  });

  it('takes the force that a waiting stop lacks', () => {
    given(aWorker().running().withLabs(1).wanted('STOPPED'))
      .when((worker) => worker.requestStop({ ...bob, force: true }))
      .then([
        'worker.desired-state-updated',
        { desired: wanting('STOPPED', { ...bobsIntent, force: true, stopLabs: true, stopBy: at(62) }) },
      ]);
  });

  it('is tried again at once where AWS refused it', () => {
    given(aWorker().refused(null))
      .when((worker) => worker.requestStart(bob))
      .then(['worker.status-reason-updated', { reason: null, updatedAt: at(60) }], bobsStart);
  });

  it('is wanted anew where it does not hold any more: a start while somebody outside stops the instance', () => {
    given(aWorker().running().status('STOPPING'))
      .when((worker) => worker.requestStart(bob))
      .then(['worker.desired-state-updated', { desired: wanting('RUNNING', bobsIntent) }], bobsStart);
  });

  it('is wanted anew where it does not hold any more: a stop while somebody outside starts the instance', () => {
    given(aWorker().stopped().status('PENDING', at(50)))
      .when((worker) => worker.requestStop(bob))
      .then(['worker.desired-state-updated', { desired: wanting('STOPPED', bobsIntent) }]);
  });

  it("a person's stop takes an automatic one over, so that it does not lapse with the old probe", () => {
    given(
      aWorker()
        .serving()
        .withLabs(0)
        .wanted('STOPPED', { sendBefore: at(31) }),
    )
      .when((worker) => worker.requestStop(bob))
      .then(['worker.desired-state-updated', { desired: wanting('STOPPED', bobsIntent) }]);
  });

  it('an automatic stop that EC2 carries out already remains the one that did it', () => {
    given(
      aWorker()
        .running()
        .wanted('STOPPED', { sendBefore: at(31) })
        .status('STOPPING'),
    )
      .when((worker) => worker.requestStop(bob))
      .then();
  });
});

describe('terminate', () => {
  it('ends a worker at once that was never launched', () => {
    given(aWorker())
      .when((worker) => worker.requestTerminate(bob))
      .then(
        ['worker.desired-state-updated', { desired: wanting('TERMINATED', bobsIntent) }],
        ['worker.status-updated', { oldStatus: 'PENDING', newStatus: 'TERMINATED', updatedAt: at(60) }],
        ['worker.terminated', { name: 'lab-1', terminatedAt: at(60), terminatedBy: 'user:bob' }],
      );
  });

  it('does not end one whose launch may have made an instance: none is leaked', () => {
    given(aWorker().launchRequested())
      .when((worker) => worker.requestTerminate(bob))
      .then(['worker.desired-state-updated', { desired: wanting('TERMINATED', bobsIntent) }]);
  });

  it('changes nothing on one that is gone', () => {
    given(gone)
      .when((worker) => worker.requestTerminate(bob))
      .then();
  });
});

describe('what cannot be wanted', () => {
  const GONE = 'It is gone for good; create a new worker.';
  const RELEASED = 'It was released and is not managed any more.';
  const ENDING = 'Its termination was asked for and is under way.';

  it.each([
    ['gone', gone, GONE],
    ['released', released, RELEASED],
    ['being terminated', terminating, ENDING],
  ])('start or stop of a worker that is %s', (_name, past, remedy) => {
    given(past)
      .when((worker) => worker.requestStart(bob))
      .thenThrows(new InvalidTransition(past.state, 'started', remedy));
    given(past)
      .when((worker) => worker.requestStop({ ...bob, force: true }))
      .thenThrows(new InvalidTransition(past.state, 'stopped', remedy));
  });

  it('termination of a released worker, whose instance is no longer ours', () => {
    given(released)
      .when((worker) => worker.requestTerminate(bob))
      .thenThrows(new InvalidTransition(released.state, 'terminated', RELEASED));
  });
});
