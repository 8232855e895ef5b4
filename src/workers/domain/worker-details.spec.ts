import { given } from '../testing/given';
import { at, aWorker } from '../testing/worker.builder';
import { InvalidTransition } from './worker-errors';

const bob = { by: 'user:bob', reason: 'moved to another tool', at: at(60) };

describe('release stops managing', () => {
  const UNDER_WAY = 'A launch, start, stop or termination is under way: try again when it is over.';

  it.each([
    ['running', aWorker().running()],
    ['stopped', aWorker().stopped()],
    ['wanted STOPPED before it was ever launched', aWorker().wanted('STOPPED')],
    ['lost', aWorker().running().status('UNKNOWN')],
    ['lost on its way to a stop', aWorker().running().wanted('STOPPED').status('UNKNOWN')],
  ])('a worker that is %s', (_name, past) => {
    given(past)
      .when((worker) => worker.release(bob))
      .then(['worker.released', { by: 'user:bob', reason: 'moved to another tool', releasedAt: at(60) }]);
  });

  it.each([
    ['launched', aWorker().launched()],
    ['stopped', aWorker().running().wanted('STOPPED')],
    ['stopped outside', aWorker().running().status('STOPPING')],
    ['started outside', aWorker().stopped().status('PENDING', at(50))],
    ['terminated', aWorker().running().wanted('TERMINATED')],
  ])('but not while it is being %s', (_name, past) => {
    given(past)
      .when((worker) => worker.release(bob))
      .thenThrows(new InvalidTransition(past.state, 'released', UNDER_WAY));
  });

  it('and only once', () => {
    const released = aWorker().running().released();
    const remedy = 'It was released and is not managed any more.';
    given(released)
      .when((worker) => worker.release(bob))
      .thenThrows(new InvalidTransition(released.state, 'released', remedy));
  });

  it('calls a planned stop off', () => {
    const planned = aWorker()
      .running()
      .stopPlanned({ at: at(70), reason: 'idle', decisionId: 'd-1' });
    expect(planned.released().state.plannedStop).toBeNull();
  });

  it('leaves what is seen afterwards out', () => {
    given(aWorker().running().released())
      .when((worker) => worker.updateStatus('STOPPED', at(61)))
      .then();
  });
});

describe('details that people change', () => {
  const details = { name: 'lab-1', tags: {}, instanceType: 'c5.metal', idlePolicyId: null };

  it.each([
    ['name', { name: 'lab-2' }],
    ['tags', { tags: { team: 'a' } }],
    ['idle policy', { idlePolicyId: 'night' }],
  ])('%s', (_name, change) => {
    given(aWorker().running())
      .when((worker) => worker.updateDetails({ ...details, ...change }, at(60)))
      .then(['worker.details-updated', { ...details, ...change, updatedAt: at(60) }]);
  });

  it('a tag with another value is a change; the same tags in another order are none', () => {
    const tagged = aWorker({ tags: { team: 'a', room: '1' } }).running();
    const tags = { room: '1', team: 'b' };
    given(tagged)
      .when((worker) => worker.updateDetails({ ...details, tags }, at(60)))
      .then(['worker.details-updated', { ...details, tags, updatedAt: at(60) }]);
    given(tagged)
      .when((worker) => worker.updateDetails({ ...details, tags: { room: '1', team: 'a' } }, at(60)))
      .then();
  });

  it('the instance type of a stopped worker, which is applied later', () => {
    const larger = { ...details, instanceType: 'm5zn.metal' };
    const stopped = aWorker().stopped();
    given(stopped)
      .when((worker) => worker.updateDetails(larger, at(60)))
      .then(['worker.details-updated', { ...larger, updatedAt: at(60) }]);
    expect(stopped.resized('m5zn.metal').state).toMatchObject({
      instanceType: 'm5zn.metal',
      appliedInstanceType: 'c5.metal',
    });
  });

  it('not the instance type while it runs', () => {
    const running = aWorker().running();
    given(running)
      .when((worker) => worker.updateDetails({ ...details, instanceType: 'm5zn.metal' }, at(60)))
      .thenThrows(new InvalidTransition(running.state, 'given another instance type', 'Stop it first.'));
  });

  it('nothing of a worker that is gone', () => {
    const gone = aWorker().running().terminated();
    const remedy = 'It is gone for good; create a new worker.';
    given(gone)
      .when((worker) => worker.updateDetails({ ...details, name: 'lab-2' }, at(60)))
      .thenThrows(new InvalidTransition(gone.state, 'changed', remedy));
  });
});
