import { MINUTE, plus } from '../../kernel/clocks';
import { type InstanceReading, isCredible, provesStopLapsed } from './instance-reading';
import {
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerConvergedDomainEvent,
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerEndpointUpdatedDomainEvent,
  CMLWorkerPlannedStopUpdatedDomainEvent,
  CMLWorkerStatusReasonUpdatedDomainEvent,
  CMLWorkerStatusUpdatedDomainEvent,
  CMLWorkerStopWithdrawnDomainEvent,
  CMLWorkerTelemetryUpdatedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { STOP_TOO_LATE } from './worker-errors';
import { evolve } from './worker-evolve';
import { type Intent, type WorkerState } from './worker-state';
import { type CMLWorkerStatus, FULFILLED_BY, isDown } from './worker-status';

/** An automatic stop that AWS refused is not decided again for this long. */
const STOP_REFUSED_FOR_MS = 30 * MINUTE;

/** A Start that came to nothing is repeated after this long. */
const START_AGAIN_MS = 5 * MINUTE;

/** One instance as a sweep saw it; `begunAt` (fleet time) is when the call to EC2 was begun. */
export type SweptReading = Pick<InstanceReading, 'status' | 'publicIp' | 'privateIp' | 'stateReason'> & {
  readonly begunAt: Date;
};

/**
 * What a reading of the instance means for the worker: its status, what follows from that, whether the intent is
 * fulfilled, and whether somebody changed the instance outside. A reading that shows the past means nothing.
 */
export function observeInstance(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  if (state.status === 'TERMINATED' || state.releasedAt || !isCredible(state, reading)) return [];
  const events = [...whyItEnded(state, reading, now), ...observeStatus(state, reading.status, now)];
  let next = events.reduce(evolve, state);
  if (next.status === 'TERMINATED') return events;
  for (const rule of [foundAgain(state), addresses, drift, withdrawal, startFailure(state), convergence]) {
    const more = rule(next, reading, now);
    next = more.reduce(evolve, next);
    events.push(...more);
  }
  return events;
}

/** A change of the EC2 status and what goes with it: nothing serves on an instance that goes down. */
export function observeStatus(state: WorkerState, status: CMLWorkerStatus, now: Date): WorkerEvent[] {
  if (state.status === 'TERMINATED' || state.status === status) return [];
  if (status === 'TERMINATED') {
    return terminated(state, state.desired.state === 'TERMINATED' ? state.desired.by : null, now);
  }
  return [
    new CMLWorkerStatusUpdatedDomainEvent(state.id, {
      oldStatus: state.status,
      newStatus: status,
      updatedAt: now,
    }),
    // PENDING after a run: polling missed the stop in between
    ...(isDown(status) || status === 'PENDING' ? goingDown(state, status, now) : []),
  ];
}

/** The end of a worker: what goes with it, the change of status, and who wanted it (null: nobody here). */
export function terminated(state: WorkerState, by: string | null, now: Date): WorkerEvent[] {
  return [
    ...goingDown(state, 'TERMINATED', now),
    ...(state.desired.state === 'TERMINATED' ? nothingInTheWay(state, now) : []),
    new CMLWorkerStatusUpdatedDomainEvent(state.id, {
      oldStatus: state.status,
      newStatus: 'TERMINATED',
      updatedAt: now,
    }),
    new CMLWorkerTerminatedDomainEvent(state.id, { name: state.name, terminatedAt: now, terminatedBy: by }),
  ];
}

function goingDown(state: WorkerState, status: CMLWorkerStatus, now: Date): WorkerEvent[] {
  const { id, lastActivityAt } = state;
  const events: WorkerEvent[] = [];
  const goneForNow = status !== 'STOPPING' && status !== 'SHUTTING_DOWN';
  const endpoint = goneForNow ? null : state.httpsEndpoint;
  if (state.serviceStatus !== 'UNAVAILABLE') {
    events.push(
      new CMLServiceStatusUpdatedDomainEvent(id, {
        oldServiceStatus: state.serviceStatus,
        newServiceStatus: 'UNAVAILABLE',
        httpsEndpoint: endpoint,
        updatedAt: now,
      }),
    );
  }
  const known = [state.activeLabsCount, state.cpuUtilization, state.memoryUtilization];
  if (known.some((value) => value !== null)) {
    const unknown = { activeLabsCount: null, cpuUtilization: null, memoryUtilization: null };
    events.push(new CMLWorkerTelemetryUpdatedDomainEvent(id, { lastActivityAt, ...unknown, updatedAt: now }));
  }
  if (goneForNow && (state.publicIp !== null || state.httpsEndpoint !== null)) {
    const { privateIp } = state;
    const cleared = { httpsEndpoint: null, publicIp: null, privateIp, updatedAt: now };
    events.push(new CMLWorkerEndpointUpdatedDomainEvent(id, cleared));
  }
  if (state.plannedStop) {
    events.push(new CMLWorkerPlannedStopUpdatedDomainEvent(id, { plannedStop: null, updatedAt: now }));
  }
  return events;
}

/** EC2 tells why an instance ended that nobody wanted to end; people should read it on the worker. */
function whyItEnded(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  const unwanted = reading.status === 'TERMINATED' && state.desired.state !== 'TERMINATED';
  if (!unwanted || !reading.stateReason) return [];
  const reason = { ...reading.stateReason, at: now, nextTryAt: null };
  return [new CMLWorkerStatusReasonUpdatedDomainEvent(state.id, { reason, updatedAt: now })];
}

/** What made the status UNKNOWN does not hold any more. */
function foundAgain(before: WorkerState) {
  return (state: WorkerState, _reading: SweptReading, now: Date): WorkerEvent[] =>
    before.status === 'UNKNOWN' && state.status !== 'UNKNOWN' ? nothingInTheWay(state, now) : [];
}

function addresses(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  if (isDown(state.status) || state.status === 'UNKNOWN') return [];
  const publicIp = reading.publicIp ?? state.publicIp;
  const privateIp = reading.privateIp ?? state.privateIp;
  if (publicIp === state.publicIp && privateIp === state.privateIp) return [];
  const replaced =
    (state.publicIp !== null && publicIp !== state.publicIp) ||
    (state.privateIp !== null && privateIp !== state.privateIp);
  // the endpoint was made of the old address; the next good reading of CML sets it anew
  const httpsEndpoint = replaced ? null : state.httpsEndpoint;
  return [
    new CMLWorkerEndpointUpdatedDomainEvent(state.id, { httpsEndpoint, publicIp, privateIp, updatedAt: now }),
  ];
}

/** What was fulfilled once and is otherwise now was changed outside: follow it, rather than work against a person. */
function drift(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  const { desired, status } = state;
  if (!wasFulfilled(state) || (status !== 'RUNNING' && status !== 'STOPPED')) return [];
  if (desired.state === status || desired.state === 'TERMINATED') return [];
  const why = reading.stateReason ? ` (${reading.stateReason.message})` : '';
  const reason = `found ${status} although ${desired.state} was wanted: changed outside cml-fleet${why}`;
  const followed = outsideIntent(status, 'system:drift', reason, now);
  return [new CMLWorkerDesiredStateUpdatedDomainEvent(state.id, { desired: followed })];
}

/**
 * Seen so, or not seen since nobody looked: what EC2 said that it stops had come to a stop before it ran again, and who
 * started it may have labs on it.
 */
function wasFulfilled({ convergedAt, desired, answered }: WorkerState): boolean {
  if (convergedAt !== null) return true;
  return (
    desired.state === 'STOPPED' && answered !== null && isDown(answered.status) && answered.at >= desired.at
  );
}

function withdrawal(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  if (!provesStopLapsed(state, reading)) return [];
  const reason = 'the stop was not sent in time, and its live probe has become too old to act on';
  return [
    new CMLWorkerStopWithdrawnDomainEvent(state.id, {
      decisionId: state.desired.decisionId,
      desired: outsideIntent('RUNNING', 'system:reconciler', reason, now),
    }),
    ...refusal(state, now),
    new CMLWorkerConvergedDomainEvent(state.id, { convergedAt: now }),
  ];
}

/** AWS's word against the withdrawn stop stays for a while, so that the stop is not decided again at once. */
function refusal(state: WorkerState, now: Date): WorkerEvent[] {
  if (state.statusReason === null) return [];
  const refused = state.statusReason.code !== STOP_TOO_LATE;
  const reason = refused ? { ...state.statusReason, nextTryAt: plus(now, STOP_REFUSED_FOR_MS) } : null;
  return [new CMLWorkerStatusReasonUpdatedDomainEvent(state.id, { reason, updatedAt: now })];
}

/**
 * EC2 took a Start, and the instance stopped without ever running: EC2 tells why only here. What kept it from running
 * (a key that may not be used, no capacity) will do so again in a moment.
 */
function startFailure(before: WorkerState) {
  return (
    { id, status, desired, answered }: WorkerState,
    reading: SweptReading,
    now: Date,
  ): WorkerEvent[] => {
    const stopped = before.status !== 'STOPPED' && status === 'STOPPED';
    const ours = desired.state === 'RUNNING' && answered?.status === 'PENDING' && answered.at >= desired.at;
    if (!stopped || !ours) return [];
    const { code, message } = reading.stateReason ?? {
      code: 'start-failed',
      message: 'The instance stopped before it ran, and EC2 does not say why.',
    };
    const reason = { code, message, at: now, nextTryAt: plus(now, START_AGAIN_MS) };
    return [new CMLWorkerStatusReasonUpdatedDomainEvent(id, { reason, updatedAt: now })];
  };
}

function convergence(state: WorkerState, _reading: SweptReading, now: Date): WorkerEvent[] {
  const fulfilled = state.status === FULFILLED_BY[state.desired.state];
  if (!fulfilled || state.convergedAt !== null) return [];
  return [...nothingInTheWay(state, now), new CMLWorkerConvergedDomainEvent(state.id, { convergedAt: now })];
}

/** What the worker says about why it is not as wanted holds no more. */
function nothingInTheWay(state: WorkerState, now: Date): WorkerEvent[] {
  if (state.statusReason === null) return [];
  return [new CMLWorkerStatusReasonUpdatedDomainEvent(state.id, { reason: null, updatedAt: now })];
}

function outsideIntent(state: 'RUNNING' | 'STOPPED', by: string, reason: string, at: Date): Intent {
  return { state, by, reason, at, decisionId: null, sendBefore: null };
}
