import { plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, wanting } from '../testing/worker.builder';
import { awaitsLabs, stopBy } from './forced-stop';
import { nextAction } from './next-action';
import { type WorkerState } from './worker-state';

const bob = { by: 'user:bob', reason: null, at: at(60) };
const forced = { force: true, stopLabs: true } as const;
const serving = aWorker().serving().withLabs(2);
const stopping = serving.wanted('STOPPED', { at: at(60), ...forced });
const prepared = { intentAt: at(60), preparedAt: at(62), labsStopped: 2, topologiesKept: 2 };

describe('a forced stop', () => {
  it('stops the labs first, unless they are to be cut or it is an automatic one', () => {
    const wanted = (given: object) =>
      ['worker.desired-state-updated', { desired: wanting('STOPPED', { ...bob, ...given }) }] as const;
    given(serving)
      .when((worker) => worker.requestStop({ ...bob, force: true }))
      .then(wanted({ ...forced, stopBy: at(70) }));
    given(serving)
      .when((worker) => worker.requestStop({ ...bob, force: true, cutLabs: true }))
      .then(wanted({ force: true }));
    const sendBefore = at(61);
    given(serving)
      .when((worker) => worker.requestStop({ ...bob, force: true, sendBefore }))
      .then(wanted({ force: true, sendBefore }));
  });

  it('cuts the labs of one that waits for them, when that is asked for', () => {
    given(stopping)
      .when((worker) => worker.requestStop({ ...bob, at: at(61), force: true, cutLabs: true }))
      .then([
        'worker.desired-state-updated',
        { desired: wanting('STOPPED', { ...bob, at: at(61), force: true }) },
      ]);
    given(stopping)
      .when((worker) => worker.requestStop({ ...bob, at: at(61), force: true }))
      .then();
  });

  const waitsUntil = (state: WorkerState, end: Date) => {
    expect(stopBy(state)).toEqual(end);
    expect([plus(end, -1), end].map((now) => awaitsLabs(state, now))).toEqual([true, false]);
  };
  const asked = (past: typeof serving) => {
    const worker = past.build();
    worker.requestStop({ ...bob, force: true });
    return worker;
  };

  it('waits for ten minutes at most, and for two where CML could not be used when it was asked for', () => {
    waitsUntil(asked(serving).state, at(70));
    waitsUntil(asked(serving.failing('UNAVAILABLE', 'no-answer', at(59))).state, at(62));
    // of an earlier version, which did not store it
    waitsUntil(stopping.state, at(70));
  });

  it('is cut short by no server that falls silent while its labs are stopped', () => {
    const worker = asked(serving);
    worker.updateServiceStatus('UNAVAILABLE', null, at(64));
    expect(worker.state.serviceStatus).toBe('UNAVAILABLE');
    waitsUntil(worker.state, at(70));
  });

  it('is sent once its labs were stopped, or its time is over', () => {
    const next = (past: typeof stopping, now: Date) => nextAction(past.state, { now, machineNow: now });
    expect(next(stopping, at(61))).toBe('wait');
    expect(next(stopping, at(70))).toBe('stop');
    expect(next(stopping.stopPrepared(), at(62))).toBe('stop');
    expect(next(stopping.stopPrepared({ intentAt: at(59) }), at(62))).toBe('wait');
    expect(next(serving.wanted('STOPPED', { at: at(60), force: true }), at(61))).toBe('stop');
  });

  it('is prepared once, for the intent that it was done for', () => {
    given(stopping)
      .when((worker) => worker.stopPrepared(prepared))
      .then(['worker.stop-prepared', prepared]);
    given(stopping.stopPrepared(prepared))
      .when((worker) => worker.stopPrepared({ ...prepared, preparedAt: at(63) }))
      .then();
    given(stopping)
      .when((worker) => worker.stopPrepared({ ...prepared, intentAt: at(59) }))
      .then();
    given(stopping.wanted('RUNNING', { at: at(61) }))
      .when((worker) => worker.stopPrepared(prepared))
      .then();
  });
});
