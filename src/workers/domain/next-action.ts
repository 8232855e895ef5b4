import { awaitsLabs } from './forced-stop';
import { wasFulfilled } from './fulfilment';
import { type Guard, type NextAction, type Standing, STATE_MACHINE } from './state-machine';
import { isProtected, isSnoozed } from './stop-guards';
import { awaitsPreparation } from './termination';
import { hasLaunched, sameTags, wantedTags, type WorkerState } from './worker-state';

/** What the reconciler goes by besides the state. */
export interface Circumstances {
  /** fleet time */
  readonly now: Date;
  readonly machineNow: Date;
  /** the idle decision that is being carried out at this moment, by whoever asks; null: none */
  readonly decisionId?: string | null;
  /** whether a stop that hangs is forced */
  readonly forceOverdueStop?: boolean;
}

/**
 * Compares what is wanted with what was observed, by the table of state-machine.ts. It needs nothing but the present
 * state, so that a crash or a missed tick costs time and nothing else.
 */
export function nextAction(state: WorkerState, circumstances: Circumstances): NextAction {
  if (state.status === 'TERMINATED' || state.releasedAt) return 'none';
  const action = firstStep(state, circumstances);
  const callsAws = action !== 'none' && action !== 'end';
  return callsAws && !mayTry(state, circumstances.now) ? 'wait' : action;
}

/** Where the worker stands in the table. */
export function standingOf(state: WorkerState): Standing {
  if (state.awsInstanceId !== null || state.status === 'TERMINATED') return state.status;
  return hasLaunched(state) ? 'LAUNCH_SENT' : 'NOT_LAUNCHED';
}

function firstStep(state: WorkerState, circumstances: Circumstances): NextAction {
  for (const step of STATE_MACHINE[state.desired.state][standingOf(state)]) {
    if (typeof step === 'string') return step;
    if (HOLDS[step.if](state, circumstances)) return step.then;
  }
  throw new Error(`no step for a worker that is ${state.status} and wanted ${state.desired.state}`);
}

const HOLDS: Readonly<Record<Guard, (state: WorkerState, circumstances: Circumstances) => boolean>> = {
  fulfilledBefore: wasFulfilled,
  otherType: ({ instanceType, appliedInstanceType }) => instanceType !== appliedInstanceType,
  otherTags: (state) => !sameTags(state.appliedTags, wantedTags(state)),
  stopMustWait: (state, circumstances) => !maySendStop(state, circumstances) || mayRunLabs(state),
  stopOverdue: ({ overdue }, { forceOverdueStop = false }) =>
    forceOverdueStop && overdue?.status === 'STOPPING' && overdue.forcedAt === null,
  labsNotStopped: (state, { now }) => awaitsLabs(state, now),
  notPrepared: (state, { now }) => awaitsPreparation(state, now),
};

/** Whether nothing is in the way, or its time is over. What has no next try waits until a person asks again. */
function mayTry({ statusReason }: WorkerState, now: Date): boolean {
  if (statusReason === null) return true;
  return statusReason.nextTryAt !== null && statusReason.nextTryAt <= now;
}

/**
 * Labs that were started since the stop was asked for, while AWS could not be reached, say: it waits for their end. A
 * stop that nobody but the program wants (drift that is corrected) waits also where nobody can tell: unknown is not idle.
 * An automatic one was probed just now.
 */
function mayRunLabs({ desired, activeLabsCount, serviceStatus }: WorkerState): boolean {
  if (desired.force) return false;
  const byItself = desired.by.startsWith('system:') && desired.sendBefore === null;
  if (byItself && (activeLabsCount === null || serviceStatus !== 'AVAILABLE')) return true;
  return activeLabsCount !== null && activeLabsCount > 0;
}

/**
 * An automatic stop rests on a live probe and on the reaper's lease. It is sent in the turn that probed, by the process
 * whose clock its deadline was made by, and by no tick that finds it later or elsewhere; and by nobody while a person
 * keeps the worker.
 */
function maySendStop(state: WorkerState, { now, machineNow, decisionId = null }: Circumstances): boolean {
  const { desired } = state;
  if (desired.sendBefore === null) return true;
  if (isSnoozed(state, now) || isProtected(state, now)) return false;
  return decisionId !== null && decisionId === desired.decisionId && machineNow < desired.sendBefore;
}
