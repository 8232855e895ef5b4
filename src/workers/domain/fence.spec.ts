import { MINUTE, plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker } from '../testing/worker.builder';
import { isFenced } from './fence';
import { FENCE_AT_MOST_MS } from './stop-guards';
import { InvalidTransition, WorkerUsed } from './worker-errors';

const NOW = at(60);
const fence = { decisionId: 'd-1', by: 'system:reaper', at: NOW, until: plus(NOW, MINUTE) };
const terms = { machineNow: NOW };
const running = aWorker().serving();
const lifted = ['worker.fence-updated', { fence: null, updatedAt: NOW }] as const;
const byBob = { by: 'user:bob', reason: 'class', at: NOW };

describe('the fence of a worker that an automatic stop is under way of', () => {
  it('is put up', () => {
    given(running)
      .when((worker) => worker.fence(fence, terms))
      .then(['worker.fence-updated', { fence, updatedAt: NOW }]);
  });

  it('counts two minutes at most, by the clock of the machine, whatever is asked for', () => {
    const worker = running.build();
    worker.fence({ ...fence, until: plus(NOW, 60 * MINUTE) }, terms);
    const { state } = worker;
    expect(state.fence?.until).toEqual(plus(NOW, FENCE_AT_MOST_MS));
    expect(isFenced(state, plus(NOW, 2 * MINUTE - 1))).toBe(true);
    expect(isFenced(state, plus(NOW, 2 * MINUTE))).toBe(false);
  });

  it('is put up once by a decision, and by another one only when it is over', () => {
    const fenced = running.fenced({ at: NOW, until: fence.until });
    given(fenced)
      .when((worker) => worker.fence(fence, terms))
      .then();
    const other = { ...fence, decisionId: 'd-2' };
    given(fenced)
      .when((worker) => worker.fence(other, terms))
      .thenThrows(new InvalidTransition(fenced.state, 'fenced', 'Another decision is about to stop it.'));
    const machineNow = fence.until;
    given(fenced)
      .when((worker) => worker.fence({ ...other, until: at(62) }, { machineNow }))
      .then(['worker.fence-updated', { fence: { ...other, until: at(62) }, updatedAt: NOW }]);
  });

  const TO_RUN = 'Only one that runs, and is wanted to, is stopped by itself.';
  const snooze = { until: at(61), by: 'user:bob', reason: null, at: at(40) };
  const protection = { by: 'user:bob', reason: 'exam', at: at(40), expiresAt: null };
  it.each([
    ['stopped', aWorker().stopped(), TO_RUN],
    ['wanted STOPPED', running.wanted('STOPPED'), TO_RUN],
    ['UNKNOWN', running.status('UNKNOWN'), TO_RUN],
    ['snoozed', running.snoozed(snooze), 'It is snoozed.'],
    ['protected', running.protectedBy(protection), 'It is protected.'],
  ])('is refused where the worker is %s', (_name, past, remedy) => {
    given(past)
      .when((worker) => worker.fence(fence, terms))
      .thenThrows(new InvalidTransition(past.state, 'fenced', remedy));
  });

  it('is refused where somebody used the worker since it was decided', () => {
    const used = running.used({ at: at(50) });
    const refusal = new WorkerUsed(used.state, { kind: 'keep-alive', by: 'user:bob', at: at(50) });
    for (const expectedUse of [null, at(49)]) {
      given(used)
        .when((worker) => worker.fence(fence, { ...terms, expectedUse }))
        .thenThrows(refusal);
    }
    given(used)
      .when((worker) => worker.fence(fence, { ...terms, expectedUse: at(50) }))
      .then(['worker.fence-updated', { fence, updatedAt: NOW }]);
  });

  const fenced = running.fenced({ at: at(59), until: at(61) });
  it('is lifted by the decision that put it up, or by whoever asks for any', () => {
    given(fenced)
      .when((worker) => worker.liftFence('d-2', NOW))
      .then();
    for (const decisionId of ['d-1', null]) {
      given(fenced)
        .when((worker) => worker.liftFence(decisionId, NOW))
        .then(lifted);
    }
    given(running)
      .when((worker) => worker.liftFence(null, NOW))
      .then();
  });

  it('is lifted by a person who keeps the worker, starts it, snoozes or protects it', () => {
    const use = (kind: 'keep-alive' | 'start' | 'snooze') =>
      ['worker.use-noted', { use: { kind, by: 'user:bob', at: NOW } }] as const;
    const until = { ...byBob, until: at(90) };
    const guarded = { ...byBob, expiresAt: null };
    given(fenced)
      .when((worker) => worker.noteUse('keep-alive', byBob))
      .then(use('keep-alive'), lifted);
    given(fenced)
      .when((worker) => worker.requestStart(byBob))
      .then(use('start'), lifted);
    given(fenced)
      .when((worker) => worker.snooze(until, NOW))
      .then(['worker.snooze-updated', { snooze: until, updatedAt: NOW }], use('snooze'), lifted);
    given(fenced)
      .when((worker) => worker.protect(guarded, NOW))
      .then(['worker.protection-updated', { protection: guarded, updatedAt: NOW }], lifted);
  });

  it('stays until the instance goes down, and for readings', () => {
    expect(fenced.wanted('STOPPED').state.fence).not.toBeNull();
    expect(fenced.withLabs(2).state).toMatchObject({ activeLabsCount: 2, fence: { decisionId: 'd-1' } });
    expect(fenced.wanted('STOPPED').status('STOPPING').state.fence).toBeNull();
    expect(fenced.released().state.fence).toBeNull();
  });
});
