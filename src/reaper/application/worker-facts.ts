import { latest } from '../../kernel/clocks';
import { type WorkerState } from '../../workers';
import { type BudgetedWorker } from '../domain/control/budget-scopes';
import { type EffectivePolicy, type PolicySubject } from '../domain/policy/effective-policy';
import { type NoticeFact, type WorkerFacts } from '../domain/signals/idle-input';

/** What an idle decision needs of a worker. `newestActivityAt` is what was last observed of its people. */
export function factsOf(
  state: WorkerState,
  newestActivityAt: Date | null,
  notices: readonly NoticeFact[],
): WorkerFacts {
  const { plannedStop: planned, lastUse, fence } = state;
  return {
    id: state.id,
    name: state.name,
    awsRegion: state.awsRegion,
    status: state.status,
    desiredState: state.desired.state,
    serviceStatus: state.serviceStatus,
    snooze: state.snooze,
    protection: state.protection,
    plannedStop: planned && { at: planned.at, reason: planned.reason, cause: planned.cause },
    fence,
    lastUse,
    notices,
    runningSince: state.runningSince,
    // the worker's own value is stored in steps of ten minutes, and the observations are newer
    lastActivityAt: latest(state.lastActivityAt, newestActivityAt),
  };
}

/** By what its policies are found. */
export function subjectOf({ id, awsRegion, tags, idlePolicyId }: WorkerState): PolicySubject {
  return { id, awsRegion, tags, idlePolicyId };
}

/** Which budgets its stop is taken from, besides those of the fleet and the region. */
export function budgetedBy(
  { id, awsRegion: region }: Pick<WorkerState, 'id' | 'awsRegion'>,
  { policy, origins, layers }: EffectivePolicy,
): BudgetedWorker {
  const { budget } = policy;
  if (!budget) return { id, region, policy: null };
  const origin = origins.budget;
  const name = layers.find((layer) => layer.id === origin)?.name ?? origin;
  return { id, region, policy: { id: origin, name, budget } };
}

/** What was announced comes true, or has: an automatic stop is wanted, and no person's wish has taken its place. */
export function isStoppedByItself({ desired }: WorkerState): boolean {
  return desired.state === 'STOPPED' && desired.sendBefore !== null;
}
