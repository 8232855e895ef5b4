import { MINUTE, plus } from '../../kernel/clocks';
import { type SweptReading } from './instance-reading';
import {
  CMLWorkerStatusReasonUpdatedDomainEvent,
  CMLWorkerTransitionOverdueDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { type WorkerState } from './worker-state';
import { type CMLWorkerStatus } from './worker-status';

interface Budget {
  readonly metalMinutes: number;
  readonly otherMinutes: number;
  readonly advice: string;
}

/**
 * How long an instance may be on its way. Bare metal checks its hardware at each start and is slow to let go of; EC2
 * takes an instance that is stopping for more than 10 minutes for a case for its support.
 */
const BUDGETS: Partial<Record<CMLWorkerStatus, Budget>> = {
  PENDING: {
    metalMinutes: 30,
    otherMinutes: 10,
    advice: 'Look at its system log in AWS; terminate it and create another one if it does not come up.',
  },
  STOPPING: {
    metalMinutes: 20,
    otherMinutes: 10,
    advice: 'It can be forced to stop in AWS, or by the policy FLEET_FORCE_OVERDUE_STOPS.',
  },
  SHUTTING_DOWN: {
    metalMinutes: 30,
    otherMinutes: 20,
    advice: 'EC2 ends it by itself within some hours; if it does not, ask AWS support.',
  },
};

/** An instance that is on its way for too long, said once for each way. */
export function overdueTransition(state: WorkerState, { begunAt }: SweptReading, now: Date): WorkerEvent[] {
  const { id, status, statusAt, overdue, appliedInstanceType } = state;
  const budget = BUDGETS[status];
  if (!budget || overdue) return [];
  const budgetMinutes = isMetal(appliedInstanceType) ? budget.metalMinutes : budget.otherMinutes;
  if (begunAt < plus(statusAt, budgetMinutes * MINUTE)) return [];
  const message = `${status} for more than ${budgetMinutes} minutes, since ${statusAt.toISOString()}. ${budget.advice}`;
  const reason = { code: 'transition-overdue', message, at: now, nextTryAt: now };
  return [
    new CMLWorkerTransitionOverdueDomainEvent(id, {
      status,
      since: statusAt,
      budgetMinutes,
      detectedAt: now,
    }),
    new CMLWorkerStatusReasonUpdatedDomainEvent(id, { reason, updatedAt: now }),
  ];
}

function isMetal(instanceType: string): boolean {
  return /\.metal(-|$)/.test(instanceType);
}
