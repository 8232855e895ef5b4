import { plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, wanting } from '../testing/worker.builder';
import { nextAction } from './next-action';
import { isProtected, isSnoozed } from './stop-guards';
import { InvalidTransition } from './worker-errors';

const NOW = at(60);
const snooze = { until: at(120), by: 'user:bob', reason: 'exam', at: NOW };
const protection = { by: 'user:bob', reason: 'production', at: NOW, expiresAt: null };
const plannedStop = { at: at(75), reason: 'idle for 60 minutes', decisionId: 'd-1', cause: 'idle' as const };

const running = aWorker().running();
const planned = running.stopPlanned(plannedStop);
const bobsSnooze = ['worker.use-noted', { use: { kind: 'snooze', by: 'user:bob', at: NOW } }] as const;
const calledOff = ['worker.planned-stop-updated', { plannedStop: null, updatedAt: NOW }] as const;

describe('snooze: no automatic stop until a time', () => {
  it('is set, and calls a planned stop off', () => {
    given(planned)
      .when((worker) => worker.snooze(snooze, NOW))
      .then(['worker.snooze-updated', { snooze, updatedAt: NOW }], calledOff, bobsSnooze);
  });

  it('replaces the one before', () => {
    const longer = { ...snooze, until: at(180) };
    given(running.snoozed(snooze))
      .when((worker) => worker.snooze(longer, NOW))
      .then(['worker.snooze-updated', { snooze: longer, updatedAt: NOW }], bobsSnooze);
  });

  it('is lifted; a planned stop stays then', () => {
    given(running.snoozed(snooze).stopPlanned(plannedStop))
      .when((worker) => worker.snooze(null, NOW))
      .then(['worker.snooze-updated', { snooze: null, updatedAt: NOW }]);
  });

  it('that is not there cannot be lifted: no event', () => {
    given(running)
      .when((worker) => worker.snooze(null, NOW))
      .then();
  });

  it('holds until its time, and no longer', () => {
    const { state } = running.snoozed(snooze);
    expect(isSnoozed(state, plus(at(120), -1))).toBe(true);
    expect(isSnoozed(state, at(120))).toBe(false);
    expect(isSnoozed(running.state, NOW)).toBe(false);
  });
});

describe('protection: no automatic stop until it is lifted', () => {
  it('is set, and calls a planned stop off', () => {
    given(planned)
      .when((worker) => worker.protect(protection, NOW))
      .then(['worker.protection-updated', { protection, updatedAt: NOW }], calledOff);
  });

  it('is lifted', () => {
    given(running.protectedBy(protection))
      .when((worker) => worker.protect(null, NOW))
      .then(['worker.protection-updated', { protection: null, updatedAt: NOW }]);
  });

  it('that is not there cannot be lifted: no event', () => {
    given(running)
      .when((worker) => worker.protect(null, NOW))
      .then();
  });

  it('without an end holds for ever; with one until then', () => {
    const withEnd = running.protectedBy({ ...protection, expiresAt: at(120) }).state;
    expect(isProtected(running.protectedBy(protection).state, at(1_000_000))).toBe(true);
    expect(isProtected(withEnd, plus(at(120), -1))).toBe(true);
    expect(isProtected(withEnd, at(120))).toBe(false);
    expect(isProtected(running.state, NOW)).toBe(false);
  });
});

describe('a planned stop', () => {
  it('is announced', () => {
    given(running)
      .when((worker) => worker.planStop(plannedStop, NOW))
      .then(['worker.planned-stop-updated', { plannedStop, updatedAt: NOW }]);
  });

  it('is moved to another time', () => {
    const later = { ...plannedStop, at: at(90) };
    given(planned)
      .when((worker) => worker.planStop(later, NOW))
      .then(['worker.planned-stop-updated', { plannedStop: later, updatedAt: NOW }]);
  });

  it('is no event for the same time', () => {
    given(planned)
      .when((worker) => worker.planStop({ ...plannedStop, decisionId: 'd-2' }, NOW))
      .then();
  });

  it('is called off once', () => {
    given(planned)
      .when((worker) => worker.planStop(null, NOW))
      .then(calledOff);
    given(running)
      .when((worker) => worker.planStop(null, NOW))
      .then();
  });
});

describe('a worker that is not managed any more', () => {
  it.each([
    ['gone', running.terminated(), 'It is gone for good; create a new worker.'],
    ['released', running.released(), 'It was released and is not managed any more.'],
  ])('because it is %s has no guards, and no planned stop', (_name, past, remedy) => {
    given(past)
      .when((worker) => worker.snooze(snooze, NOW))
      .thenThrows(new InvalidTransition(past.state, 'snoozed', remedy));
    given(past)
      .when((worker) => worker.protect(protection, NOW))
      .thenThrows(new InvalidTransition(past.state, 'protected', remedy));
    given(past)
      .when((worker) => worker.planStop(plannedStop, NOW))
      .then();
  });
});

describe('an automatic stop that was asked for', () => {
  const asked = running.wanted('STOPPED', { at: at(59), decisionId: 'd-1', sendBefore: at(61) });
  const takenBack = (how: string) => {
    const reason = `it was ${how} before its automatic stop was sent`;
    const desired = wanting('RUNNING', { by: 'user:bob', reason, at: NOW });
    return ['worker.stop-withdrawn', { decisionId: 'd-1', desired }] as const;
  };
  const snoozed = ['worker.snooze-updated', { snooze, updatedAt: NOW }] as const;

  it('is taken back by a snooze or a protection, and undone should AWS have got it after all', () => {
    given(asked)
      .when((worker) => worker.snooze(snooze, NOW))
      .then(snoozed, takenBack('snoozed'), bobsSnooze);
    given(asked)
      .when((worker) => worker.protect(protection, NOW))
      .then(['worker.protection-updated', { protection, updatedAt: NOW }], takenBack('protected'));
    const kept = asked.build();
    kept.snooze(snooze, NOW);
    kept.updateStatus('STOPPED', at(62));
    expect(nextAction(kept.state, { now: at(62), machineNow: at(62) })).toBe('start');
  });

  it('goes on where AWS has answered it, and where a person wants it', () => {
    for (const past of [asked.answered('STOPPING', at(60)), running.wanted('STOPPED', { at: at(59) })]) {
      given(past)
        .when((worker) => worker.snooze(snooze, NOW))
        .then(snoozed, bobsSnooze);
    }
  });
});
