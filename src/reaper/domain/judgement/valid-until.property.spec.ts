import fc from 'fast-check';
import { MINUTE } from '../../../kernel/clocks';
import { anyIdleInput } from '../../testing/any-idle-input';
import { anIdleInput, aSignal, minutesAgo, NOW } from '../../testing/idle-input.builder';
import { type IdleDecisionInput } from '../signals/idle-input';
import { judge } from './judgement';
import { validUntil } from './valid-until';

/** What must not change meanwhile: all but the times that move on with an announcement that is not made. */
function essence(input: IdleDecisionInput) {
  const { verdict, cause, restraints, plan, noticeDue, unclear, longRunning } = judge(input);
  const stage = noticeDue?.stageMinutes ?? null;
  return { verdict, cause, restraints, isPlanned: plan !== null, stage, unclear, longRunning };
}

it('says no later than any rule turns until when a judgement holds', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(anyIdleInput, share, (input, part) => {
      const until = validUntil(input)?.getTime() ?? NOW.getTime() + 500 * MINUTE;
      expect(until).toBeGreaterThan(NOW.getTime());
      const between = new Date(NOW.getTime() + Math.floor((until - NOW.getTime()) * part));
      expect(essence({ ...input, now: between })).toEqual(essence(input));
    }),
    { numRuns: 2_000, seed: 8 },
  );
});

it('is the end of the freshest time of a worker that is read, and nothing of one that nothing happens to', () => {
  const labs = aSignal('labs', { value: 'active', observedAt: NOW, to: NOW });
  const read = anIdleInput({ signals: { labs } });
  expect(validUntil(read)).toEqual(new Date(minutesAgo(0.5).getTime() + 3 * MINUTE + 1));
  const nothing = {
    ec2: undefined,
    labs: undefined,
    cpu: undefined,
    activity: undefined,
    sessions: undefined,
  };
  const unread = anIdleInput({
    signals: nothing,
    observations: { newestActivityAt: null },
    worker: { runningSince: null, lastActivityAt: null },
  });
  expect(validUntil(unread)).toBeNull();
});
