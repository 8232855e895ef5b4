import { plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, wanting, type WorkerBuilder } from '../testing/worker.builder';
import { nextAction } from './next-action';
import { leavesLicense, PREPARE_TERMINATION_WITHIN_MS } from './termination';

const next = ({ state }: WorkerBuilder, now = at(60)) => nextAction(state, { now, machineNow: now });

const terminating = (past: WorkerBuilder, force?: true) =>
  past.wanted('TERMINATED', { at: at(60), ...(force && { force }) });
const serving = terminating(aWorker().serving());
const registered = terminating(aWorker().running().licensed());
const prepared = { intentAt: at(60), preparedAt: at(63), license: 'released' as const, topologiesKept: 2 };

describe('a termination waits for what is kept and given back first', () => {
  it.each([
    ['a registered licence', registered],
    ['one that is not covered', registered.licensed('INVALID')],
    ['one that has expired', registered.licensed('EXPIRED')],
    ['a server with labs that can be kept', serving],
  ])('%s: for half an hour', (_what, wanted) => {
    const releaseBy = plus(at(60), PREPARE_TERMINATION_WITHIN_MS);
    expect(releaseBy).toEqual(at(90));
    expect(next(wanted, plus(releaseBy, -1))).toBe('wait');
    expect(next(wanted, releaseBy)).toBe('terminate');
  });

  it('until that was done for this intent', () => {
    expect(next(registered.terminationPrepared())).toBe('terminate');
    expect(next(registered.terminationPrepared({ license: 'not-released' }))).toBe('terminate');
    expect(next(registered.terminationPrepared({ intentAt: at(59) }))).toBe('wait');
  });

  it('not where it is forced', () => {
    expect(next(terminating(aWorker().serving().licensed(), true))).toBe('terminate');
  });

  it('not where there is nothing to keep and nothing to give back', () => {
    expect(next(terminating(aWorker().running()))).toBe('terminate');
    expect(next(registered.licensed('UNREGISTERED'))).toBe('terminate');
    expect(next(registered.licensed('EVALUATION'))).toBe('terminate');
    expect(next(serving.service('ERROR', null, at(60)))).toBe('terminate');
  });

  it('on a worker that starts with a licence, whose server will answer', () => {
    const starting = terminating(aWorker().stopped().licensed().status('PENDING', at(59)));
    expect(next(starting)).toBe('wait');
    expect(next(starting, at(90))).toBe('terminate');
    expect(next(starting.terminationPrepared())).toBe('terminate');
    expect(next(terminating(aWorker().launched()))).toBe('terminate');
  });

  it('not on a stopped worker, whose server cannot do anything', () => {
    expect(next(terminating(aWorker().stopped().licensed()))).toBe('terminate');
  });
});

describe('a licence stays in use at Cisco', () => {
  it.each([
    ['of a stopped worker', terminating(aWorker().stopped().licensed()), true],
    ['where the termination is forced', terminating(aWorker().running().licensed(), true), true],
    ['not of a server that can give it back', registered, false],
    ['not where there is none', terminating(aWorker().stopped()), false],
    ['not where it was given back', registered.terminationPrepared().status('STOPPED', at(64)), false],
  ])('%s', (_what, { state }, expected) => {
    expect(leavesLicense(state)).toBe(expected);
  });
});

describe('a forced termination', () => {
  const bob = { by: 'user:bob', reason: null, at: at(61), force: true };
  const forced = wanting('TERMINATED', { by: 'user:bob', reason: null, at: at(61), force: true });

  it('takes the place of one that waits', () => {
    given(registered)
      .when((worker) => worker.requestTerminate(bob))
      .then(['worker.desired-state-updated', { desired: forced }]);
  });

  it('is not asked for twice', () => {
    given(terminating(aWorker().serving(), true))
      .when((worker) => worker.requestTerminate(bob))
      .then();
  });

  it('is not taken back by one that would wait', () => {
    given(terminating(aWorker().serving(), true))
      .when((worker) => worker.requestTerminate({ ...bob, force: false }))
      .then();
  });
});

describe('that a termination is prepared', () => {
  it('is told once', () => {
    given(registered)
      .when((worker) => worker.terminationPrepared(prepared))
      .then(['worker.termination-prepared', prepared]);
    given(registered.terminationPrepared())
      .when((worker) => worker.terminationPrepared({ ...prepared, license: 'not-released' }))
      .then();
  });

  it.each([
    ['another intent', terminating(aWorker().running()).wanted('TERMINATED', { at: at(61) })],
    ['a worker that nobody wants terminated', aWorker().running()],
    ['one that is gone', registered.terminated(at(70))],
  ])('says nothing of %s', (_what, past) => {
    given(past)
      .when((worker) => worker.terminationPrepared(prepared))
      .then();
  });
});
