import { MINUTE, plus, SECOND } from '../../../src/kernel/clocks';
import { idlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { NOW } from '../../../src/reaper/testing/idle-input.builder';
import { type ProbeTrace } from '../truth/simulated-signs';
import { triedAgainBy } from './vain-probes';

const policy = idlePolicy({ warningStagesMinutes: [15, 5] }, 60);
const begunAt = NOW.getTime();
const notBefore = plus(NOW, 8 * MINUTE);
const by = notBefore.getTime() + 8 * MINUTE;

/** A probe that was begun so long after the announced time, and took so long; null: it is under way. */
function probed(afterMs: number, tookMs: number | null): ProbeTrace {
  const at = begunAt + afterMs;
  return { begunAt: at, readAt: at, endedAt: tookMs === null ? null : at + tookMs, ok: true };
}

/** A probe that took so long, after which the stop that was announced for now is put off. */
function after(
  tookMs: number | null,
  plannedFor: Date | null = NOW,
  given = {},
  { before = [], later = [] }: Record<'before' | 'later', ProbeTrace[]> = { before: [], later: [] },
) {
  const probe = probed(0, tookMs);
  const refusal = {
    ...{ decisionId: 'd-1', workerId: 'w-1', plannedFor: NOW, why: 'slow', inUse: false, tries: 3 },
    ...{ at: new Date(probe.endedAt ?? begunAt), notBefore, ...given },
  };
  return triedAgainBy({ probes: [...before, probe, ...later], refusal, plannedFor, policy });
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

  it('is put off by the latest probe before its refusal, whatever became of others', () => {
    const later = [probed(8 * MINUTE, 2 * SECOND), probed(9 * MINUTE, null)];
    expect(after(10 * SECOND, NOW, {}, { before: [], later })).toBe(by);
    const before = [probed(-MINUTE, 10 * SECOND)];
    expect(after(2 * SECOND, NOW, {}, { before, later: [] })).toBeNull();
  });

  it('puts off no other stop, nor where there was no refusal or no probe', () => {
    expect(after(10 * SECOND, plus(NOW, 5 * MINUTE))).toBeNull();
    expect(after(10 * SECOND, null)).toBeNull();
    const probe = probed(0, 11 * SECOND);
    expect(triedAgainBy({ probes: [probe], refusal: null, plannedFor: NOW, policy })).toBeNull();
    expect(after(null, NOW, {})).toBeNull();
  });
});
