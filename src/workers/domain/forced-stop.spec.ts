import { plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, wanting } from '../testing/worker.builder';
import { awaitsLabs, stopBy } from './forced-stop';
import { nextAction } from './next-action';

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
      .then(wanted(forced));
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

  it('waits for ten minutes at most, and for two where CML cannot be used', () => {
    expect(stopBy(stopping.state)).toEqual(at(70));
    expect(awaitsLabs(stopping.state, plus(at(70), -1))).toBe(true);
    expect(awaitsLabs(stopping.state, at(70))).toBe(false);
    const silent = stopping.failing('UNAVAILABLE', 'no-answer', at(61)).state;
    expect(awaitsLabs(silent, plus(at(62), -1))).toBe(true);
    expect(awaitsLabs(silent, at(62))).toBe(false);
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
