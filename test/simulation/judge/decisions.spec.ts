import { UNLIMITED } from '../../../src/reaper/domain/policy/stop-budget';
import { decide } from '../../../src/reaper/domain/decision/idle-decision';
import { anIdleInput, minutesAgo, NOW, WARNED } from '../../../src/reaper/testing/idle-input.builder';
import { Decisions } from './decisions';

const USED_UP = { scope: 'fleet', allowed: 1, used: 1, windowMinutes: 60, freesAt: minutesAgo(-30) };
const held = decide(
  anIdleInput({ decisionId: 'held', worker: WARNED, budget: { ...UNLIMITED, limits: [USED_UP] } }),
);
const stop = decide(anIdleInput({ decisionId: 'stop', worker: WARNED }));
const { workerId } = held;

describe('the latest decision', () => {
  it('is that of the latest turn, not of one before it that stood still and goes on', () => {
    const decisions = new Decisions();
    decisions.begin(2, []);
    decisions.note(2, held);
    decisions.begin(1, []);
    decisions.note(1, stop);
    expect(decisions.latest.get(workerId)).toBe(held);
    // the budget holds it to this day, whatever the other one knows of it
    expect(decisions.heldUntil(workerId, NOW.getTime() + 1)).toBe(NOW.getTime() + 1);
    // which may stop it all the same
    expect(decisions.stops.get('stop')).toBe(stop);
  });

  it('may be of a turn that stood still, as long as none came after it', () => {
    const decisions = new Decisions();
    decisions.begin(1, []);
    decisions.note(1, held);
    decisions.begin(1, []);
    decisions.note(1, stop);
    expect(decisions.latest.get(workerId)).toBe(stop);
  });

  it('is what the latest turn would say again', () => {
    const decisions = new Decisions();
    decisions.begin(2, []);
    decisions.repeat(held);
    expect(decisions.latest.get(workerId)).toBe(held);
  });
});
