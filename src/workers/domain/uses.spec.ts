import { plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker } from '../testing/worker.builder';
import { InvalidTransition, WorkerUsed } from './worker-errors';

const bob = { by: 'user:bob', at: at(60) };
const serving = aWorker().serving();
const use = { kind: 'connection', ...bob } as const;

describe('the use of a worker through this API', () => {
  it('is noted, and is the latest activity', () => {
    given(serving)
      .when((worker) => worker.noteUse('connection', bob))
      .then(['worker.use-noted', { use }]);
    expect(serving.used(use).state).toMatchObject({
      ...{ lastUse: use, lastActivityAt: at(60), lastActivitySource: 'api', lastActivityKind: 'connection' },
    });
  });

  it('changes no version that people go by', () => {
    expect(serving.used(use).state.revision).toBe(serving.state.revision);
  });

  it('never moves the last activity back', () => {
    const known = serving.withLabs(1, at(70)).used(use).state;
    expect(known).toMatchObject({ lastUse: use, lastActivityAt: at(70), lastActivitySource: 'cml-activity' });
  });

  it('leaves it to the end of a boot to count as activity, which comes later', () => {
    const booting = aWorker()
      .running(at(10))
      .used({ at: at(11) });
    expect(booting.state).toMatchObject({ lastUse: { at: at(11) }, lastActivityAt: null });
    const worker = booting.build();
    worker.updateServiceStatus('AVAILABLE', 'https://203.0.113.10', at(20));
    expect(worker.state).toMatchObject({ lastActivityAt: at(20), lastActivitySource: 'start' });
  });

  it('is each later than the one before, whatever another process’ clock said', () => {
    given(serving.used({ at: at(61) }))
      .when((worker) => worker.noteUse('connection', bob))
      .then(['worker.use-noted', { use: { ...use, at: plus(at(61), 1) } }]);
  });

  it('is none of the system’s', () => {
    given(serving)
      .when((worker) => worker.noteUse('keep-alive', { ...bob, by: 'system:reaper' }))
      .then();
  });

  it.each([
    ['stopped', aWorker().stopped(), 'Start it first.'],
    ['being stopped', serving.wanted('STOPPED'), 'Start it first.'],
    ['terminated', aWorker().terminated(), 'It is gone for good; create a new worker.'],
  ])('keeps no worker alive that is %s', (_name, past, remedy) => {
    given(past)
      .when((worker) => worker.noteUse('keep-alive', bob))
      .thenThrows(new InvalidTransition(past.state, 'kept alive', remedy));
  });

  it('refuses an automatic stop that was decided before it', () => {
    const byReaper = {
      by: 'system:reaper',
      reason: 'idle',
      at: at(62),
      decisionId: 'd-1',
      sendBefore: at(63),
    };
    const used = serving.idleSince(at(20)).used(use);
    for (const expectedUse of [null, at(59)]) {
      given(used)
        .when((worker) => worker.requestStop({ ...byReaper, expectedUse }))
        .thenThrows(new WorkerUsed(used.state, use));
    }
    const stopped = used.build();
    expect(stopped.requestStop({ ...byReaper, expectedUse: at(60) })).toBe(true);
  });
});
