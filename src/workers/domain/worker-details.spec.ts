import { given } from '../testing/given';
import { at, aWorker, type WorkerBuilder } from '../testing/worker.builder';
import { type CmlWorker } from './cml-worker';
import { InvalidTransition } from './worker-errors';
import { type WorkerDetails } from './wishes';

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
      .stopPlanned({ at: at(70), reason: 'idle', decisionId: 'd-1', cause: 'idle' });
    expect(planned.released().state.plannedStop).toBeNull();
  });

  it('leaves what is seen afterwards out', () => {
    given(aWorker().running().released())
      .when((worker) => worker.updateStatus('STOPPED', at(61)))
      .then();
  });
});

describe('details that people change', () => {
  const details = {
    name: 'lab-1',
    tags: {},
    instanceType: 'c5.metal',
    idlePolicyId: null,
    driftPolicy: null,
  };
  const image = { amiId: 'ami-1', amiName: 'cml-2.9.0' };
  const change = (worker: CmlWorker, given: Partial<WorkerDetails>) =>
    worker.updateDetails({ ...details, ...image, ...given }, at(60));

  it.each([
    ['name', { name: 'lab-2' }],
    ['tags', { tags: { team: 'a' } }],
    ['idle policy', { idlePolicyId: 'night' }],
    ['drift policy', { driftPolicy: 'enforce' as const }],
  ])('%s', (_name, changed) => {
    given(aWorker().running())
      .when((worker) => change(worker, { ...details, ...changed }))
      .then(['worker.details-updated', { ...details, ...changed, updatedAt: at(60) }]);
  });

  it('a tag with another value is a change; the same tags in another order are none', () => {
    const tagged = aWorker({ tags: { team: 'a', room: '1' } }).running();
    const tags = { room: '1', team: 'b' };
    given(tagged)
      .when((worker) => change(worker, { ...details, tags }))
      .then(['worker.details-updated', { ...details, tags, updatedAt: at(60) }]);
    given(tagged)
      .when((worker) => change(worker, { ...details, tags: { room: '1', team: 'a' } }))
      .then();
  });

  it('the instance type of a stopped worker, which is applied later', () => {
    const larger = { ...details, instanceType: 'm5zn.metal' };
    const stopped = aWorker().stopped();
    given(stopped)
      .when((worker) => change(worker, larger))
      .then(['worker.details-updated', { ...larger, updatedAt: at(60) }]);
    expect(stopped.resized('m5zn.metal').state).toMatchObject({
      instanceType: 'm5zn.metal',
      appliedInstanceType: 'c5.metal',
    });
  });

  it('not the instance type while it runs', () => {
    const running = aWorker().running();
    given(running)
      .when((worker) => change(worker, { ...details, instanceType: 'm5zn.metal' }))
      .thenThrows(new InvalidTransition(running.state, 'given another instance type', 'Stop it first.'));
  });

  it('image and type of a worker that was never launched, and what AWS refused is tried anew', () => {
    const refused = aWorker().refused(null, 'InvalidAMIID.NotFound');
    const wanted = { ...details, instanceType: 'm5zn.metal', amiId: 'ami-2', amiName: null };
    given(refused)
      .when((worker) => worker.updateDetails(wanted, at(60)))
      .then(
        ['worker.details-updated', { ...details, instanceType: 'm5zn.metal', updatedAt: at(60) }],
        ['worker.image-updated', { amiId: 'ami-2', amiName: null, updatedAt: at(60) }],
        ['worker.status-reason-updated', { reason: null, updatedAt: at(60) }],
      );
    const changed = refused.build();
    changed.updateDetails(wanted, at(60));
    expect(changed.state).toMatchObject({
      amiId: 'ami-2',
      amiName: null,
      instanceType: 'm5zn.metal',
      appliedInstanceType: 'm5zn.metal',
      launch: { instanceTypes: ['m5zn.metal'] },
    });
  });

  it('not the image once there is an instance', () => {
    const stopped = aWorker().stopped();
    const remedy = 'It has its instance; create a new worker.';
    given(stopped)
      .when((worker) => worker.updateDetails({ ...details, ...image, amiId: 'ami-2' }, at(60)))
      .thenThrows(new InvalidTransition(stopped.state, 'given another image', remedy));
  });

  it('are tried anew where AWS refused them until a person asks again', () => {
    const retagged = { ...details, ...image, tags: { team: 'a' } };
    const refused = aWorker().running().refused(null, 'UnauthorizedOperation');
    const stillSaid = (past: WorkerBuilder) => {
      const worker = past.build();
      worker.updateDetails(retagged, at(60));
      return worker.state.statusReason?.code ?? null;
    };
    expect(stillSaid(refused)).toBeNull();
    expect(stillSaid(refused.status('UNKNOWN'))).toBe('UnauthorizedOperation');
    expect(stillSaid(aWorker().running().refused(at(90), 'RequestLimitExceeded'))).toBe(
      'RequestLimitExceeded',
    );
  });

  it('are tried at once when they are asked for once more and AWS refused them', () => {
    const retyped = { ...details, ...image, instanceType: 'm5zn.metal' };
    const asked = (past: WorkerBuilder) => {
      const worker = past.build();
      worker.updateDetails(retyped, at(50));
      worker.explain({ code: 'Unsupported', message: 'no', at: at(51), nextTryAt: null }, at(51));
      worker.updateDetails(retyped, at(60));
      return worker;
    };
    expect(asked(aWorker().stopped()).state.statusReason).toBeNull();
    const applied = asked(aWorker().stopped());
    applied.instanceTypeApplied('m5zn.metal', at(61));
    applied.tagsApplied({ ...applied.state.tags, Name: applied.state.name }, at(61));
    applied.explain({ code: 'drift', message: 'other', at: at(62), nextTryAt: null }, at(62));
    applied.updateDetails(retyped, at(63));
    expect(applied.state.statusReason?.code).toBe('drift');
  });

  it('nothing of a worker that is gone', () => {
    const gone = aWorker().running().terminated();
    const remedy = 'It is gone for good; create a new worker.';
    given(gone)
      .when((worker) => change(worker, { ...details, name: 'lab-2' }))
      .thenThrows(new InvalidTransition(gone.state, 'changed', remedy));
  });
});
