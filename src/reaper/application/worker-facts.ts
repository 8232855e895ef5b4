import { latest } from '../../kernel/clocks';
import { type WorkerState } from '../../workers';
import { type PolicySubject } from '../domain/effective-policy';
import { type NoticeFact, type StopCause, type WorkerFacts } from '../domain/idle-input';

/** A worker as the workers module keeps it, with what its streams of earlier versions may lack. */
type KnownWorker = WorkerState & Partial<Pick<WorkerFacts, 'lastUse' | 'fence'>>;

/** What an idle decision needs of a worker. `newestActivityAt` is what was last observed of its people. */
export function factsOf(
  state: KnownWorker,
  newestActivityAt: Date | null,
  notices: readonly NoticeFact[],
): WorkerFacts {
  const planned: (NonNullable<WorkerState['plannedStop']> & { readonly cause?: StopCause }) | null =
    state.plannedStop;
  return {
    id: state.id,
    name: state.name,
    awsRegion: state.awsRegion,
    status: state.status,
    desiredState: state.desired.state,
    serviceStatus: state.serviceStatus,
    snooze: state.snooze,
    protection: state.protection,
    plannedStop: planned && { at: planned.at, reason: planned.reason, cause: planned.cause ?? 'idle' },
    fence: state.fence ?? null,
    lastUse: state.lastUse ?? null,
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
