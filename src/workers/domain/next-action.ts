import { MINUTE, plus } from '../../kernel/clocks';
import { type WorkerState } from './worker-state';

/** What the reconciler does next for a worker so that it comes closer to what is wanted. */
export type NextAction =
  /** nothing to do */
  | 'none'
  /** wait for EC2, for a back-off or for a deadline; the next tick looks again */
  | 'wait'
  /** resolve the image, make the request and store it; then `launch` */
  | 'prepare-launch'
  /** send the stored request; if it was sent before, look for its instance first */
  | 'launch'
  /** nothing was ever launched and nothing is wanted any more: the worker ends */
  | 'end'
  /** nobody wants the instance any more, but one may exist: look for it by its client token */
  | 'find-launched'
  | 'apply-instance-type'
  | 'start'
  | 'stop'
  | 'terminate';

/** How long a registered licence may hold up a termination, so that it can be given back first. */
export const RELEASE_LICENSE_WITHIN_MS = 30 * MINUTE;

/**
 * Compares what is wanted with what was observed. Level-triggered: it needs nothing but the present state, so that a
 * crash or a missed tick costs time and nothing else. `now` is fleet time, `machineNow` machine time; `decisionId` is
 * the idle decision that is being carried out at this moment, by whoever asks.
 */
export function nextAction(
  state: WorkerState,
  now: Date,
  machineNow: Date,
  decisionId: string | null = null,
): NextAction {
  if (state.status === 'TERMINATED' || state.releasedAt) return 'none';
  const maySend = maySendStop(state, machineNow, decisionId);
  const action = state.awsInstanceId === null ? withoutInstance(state) : withInstance(state, now, maySend);
  const callsAws = action !== 'none' && action !== 'end';
  return callsAws && !mayTry(state, now) ? 'wait' : action;
}

function withoutInstance(state: WorkerState): NextAction {
  switch (state.desired.state) {
    case 'RUNNING':
      return state.launchRequest ? 'launch' : 'prepare-launch';
    case 'STOPPED':
      return state.launchRequest ? 'find-launched' : 'none';
    case 'TERMINATED':
      return state.launchRequest ? 'find-launched' : 'end';
  }
}

function withInstance(state: WorkerState, now: Date, maySend: boolean): NextAction {
  switch (state.desired.state) {
    case 'TERMINATED':
      return terminating(state, now);
    case 'RUNNING':
      if (state.status !== 'STOPPED') return state.status === 'RUNNING' ? 'none' : 'wait';
      if (state.convergedAt !== null) return 'none';
      return state.appliedInstanceType === state.instanceType ? 'start' : 'apply-instance-type';
    case 'STOPPED':
      if (state.status === 'STOPPED') {
        return state.appliedInstanceType === state.instanceType ? 'none' : 'apply-instance-type';
      }
      if (state.status !== 'RUNNING') return 'wait';
      if (state.convergedAt !== null) return 'none';
      return !maySend || hasNewLabs(state) ? 'wait' : 'stop';
  }
}

/** Whether nothing is in the way, or its time is over. What has no next try waits until a person asks again. */
function mayTry({ statusReason }: WorkerState, now: Date): boolean {
  if (statusReason === null) return true;
  return statusReason.nextTryAt !== null && statusReason.nextTryAt <= now;
}

function terminating(state: WorkerState, now: Date): NextAction {
  if (state.status === 'SHUTTING_DOWN') return 'wait';
  const licensed = state.licenseStatus === 'REGISTERED' && state.status === 'RUNNING';
  return licensed && now < plus(state.desired.at, RELEASE_LICENSE_WITHIN_MS) ? 'wait' : 'terminate';
}

/** Labs that were started since the stop was asked for, while AWS could not be reached, say: it waits for their end. */
function hasNewLabs({ desired, activeLabsCount }: WorkerState): boolean {
  return desired.force !== true && activeLabsCount !== null && activeLabsCount > 0;
}

/**
 * An automatic stop rests on a live probe and on the reaper's lease. It is sent in the turn that probed, by the process
 * whose clock its deadline was made by, and by no tick that finds it later or elsewhere.
 */
function maySendStop({ desired }: WorkerState, machineNow: Date, decisionId: string | null): boolean {
  if (desired.sendBefore === null) return true;
  return decisionId !== null && decisionId === desired.decisionId && machineNow < desired.sendBefore;
}
