import { MINUTE, plus, SECOND } from '../../../src/kernel/clocks';
import { idlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { NOW } from '../../../src/reaper/testing/idle-input.builder';
import { triedAgainBy } from './vain-probes';

const policy = idlePolicy({ warningStagesMinutes: [15, 5] }, 60);
const begunAt = NOW.getTime();
const notBefore = plus(NOW, 8 * MINUTE);
const by = notBefore.getTime() + 8 * MINUTE;

/** A probe that took so long, after which the stop that was announced for now is put off. */
function after(tookMs: number | null, plannedFor: Date | null = NOW, given = {}) {
  const endedAt = tookMs === null ? null : begunAt + tookMs;
  const refusal = {
    ...{ decisionId: 'd-1', workerId: 'w-1', plannedFor: NOW, why: 'slow', inUse: false, tries: 3 },
    ...{ at: new Date(endedAt ?? begunAt), notBefore, ...given },
  };
  const probe = { begunAt, readAt: begunAt, endedAt, ok: true };
  return triedAgainBy({ probe, refusal, plannedFor, policy });
}

describe('a stop that is put off by its probe', () => {
  it('is tried again within a turn after the wait, or a warning where it is announced anew', () => {
    expect(after(10 * SECOND)).toBe(by);
    expect(after(10 * SECOND, plus(notBefore, 5 * MINUTE))).toBe(by);
  });

  it('is not put off by a probe that was fast enough, or is under way', () => {
    expect(after(10 * SECOND - 1)).toBeNull();
    expect(after(null)).toBeNull();
  });

  it('is not put off by what refused it before that probe', () => {
    expect(after(10 * SECOND, NOW, { at: NOW })).toBeNull();
  });

  it('puts off no other stop, nor where there was no refusal or no probe', () => {
    expect(after(10 * SECOND, plus(NOW, 5 * MINUTE))).toBeNull();
    expect(after(10 * SECOND, null)).toBeNull();
    const probe = { begunAt, readAt: begunAt, endedAt: begunAt + 11 * SECOND, ok: true };
    expect(triedAgainBy({ probe, refusal: null, plannedFor: NOW, policy })).toBeNull();
    expect(triedAgainBy({ probe: null, refusal: null, plannedFor: NOW, policy })).toBeNull();
  });
});
