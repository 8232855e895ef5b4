import { MINUTE } from '../../../kernel/clocks';
import { type Judgement } from '../decision/decision';
import { type IdleDecisionInput } from '../signals/idle-input';
import { leastWarningMinutes } from '../policy/idle-policy';

/**
 * The notice of the announced stop at `at` that people should be told now. Of the stages that have come only the latest is
 * told: one that was missed is not made up for. In a quiet time none is.
 */
export function noticeDueFor(
  at: number,
  { policy, worker, calendar, now }: IdleDecisionInput,
): Judgement['noticeDue'] {
  const stageMinutes = policy.warningStagesMinutes.findLast((stage) => now.getTime() >= at - stage * MINUTE);
  if (stageMinutes === undefined) return null;
  const wasTold = worker.notices.some(
    ({ deadline, stageMinutes: told }) => told === stageMinutes && deadline.getTime() === at,
  );
  if (wasTold || calendar.quietAt(now)) return null;
  return { stageMinutes, deadline: new Date(at) };
}

/** When a notice of the stop at `at` has to be delivered at the latest, to count as a warning. */
export function noticedBefore(at: number, { policy }: IdleDecisionInput): number {
  return at - (leastWarningMinutes(policy) * MINUTE) / 2;
}

/** Whether people were told of the stop at `at`, early enough to do something about it, if the policy asks for that. */
export function findNoticed(at: number, input: IdleDecisionInput): 'waived' | 'not-told' | 'told' {
  if (!input.policy.noticeRequired || input.policy.dryRun) return 'waived';
  const latest = noticedBefore(at, input);
  const told = input.worker.notices.some(
    ({ deadline, deliveredAt }) =>
      deadline.getTime() === at && deliveredAt !== null && deliveredAt.getTime() <= latest,
  );
  return told ? 'told' : 'not-told';
}
