import { MINUTE, plus } from '../../kernel/clocks';
import { isCredible, provesStopLapsed, type SweptReading } from './instance-reading';
import { driftOf, endedOutside, outsideIntent } from './drift';
import { observeHealth } from './health-observation';
import { launchDied, neverRan } from './launch-that-died';
import { overdueTransition } from './overdue';
import {
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerConvergedDomainEvent,
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
import { type DriftPolicy, type WorkerState } from './worker-state';
import { type CMLWorkerStatus, FULFILLED_BY, isDown } from './worker-status';

/** An automatic stop that AWS refused is not decided again for this long. */
const STOP_REFUSED_FOR_MS = 30 * MINUTE;

/** A Start that came to nothing is repeated after this long. */
const START_AGAIN_MS = 5 * MINUTE;

type Rule = (state: WorkerState, reading: SweptReading, now: Date) => WorkerEvent[];

/**
 * What a reading of the instance means for the worker: its status, what follows from that, whether the intent is
 * fulfilled, and whether somebody changed the instance outside. A reading that shows the past means nothing.
 */
export function observeInstance(
  state: WorkerState,
  reading: SweptReading,
  now: Date,
  driftPolicy: DriftPolicy = 'follow',
): WorkerEvent[] {
  if (state.status === 'TERMINATED' || state.releasedAt || !isCredible(state, reading)) return [];
  if (neverRan(state, reading)) return launchDied(state, reading, now);
  const events = [...whyItEnded(state, reading, now), ...observeStatus(state, reading.status, now)];
  let next = events.reduce(evolve, state);
  if (next.status === 'TERMINATED') return events;
  const drift: Rule = (...given) => driftOf(...given, driftPolicy);
  const withStatus = [foundAgain(state), addresses, drift, withdrawal, startFailure(state), convergence];
  for (const rule of [...withStatus, overdueTransition, observeHealth]) {
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
  const { id, lastActivityAt, lastActivitySource, lastActivityKind } = state;
  const events: WorkerEvent[] = [];
  const goneForNow = status !== 'STOPPING' && status !== 'SHUTTING_DOWN';
  const endpoint = goneForNow ? null : state.httpsEndpoint;
  if (state.serviceStatus !== 'UNAVAILABLE') {
    events.push(
      new CMLServiceStatusUpdatedDomainEvent(id, {
        oldServiceStatus: state.serviceStatus,
        newServiceStatus: 'UNAVAILABLE',
        reason: null,
        httpsEndpoint: endpoint,
        updatedAt: now,
      }),
    );
  }
  const known = [state.activeLabsCount, state.cpuUtilization, state.memoryUtilization];
  if (known.some((value) => value !== null)) {
    const unknown = { activeLabsCount: null, cpuUtilization: null, memoryUtilization: null };
    const used = { lastActivityAt, lastActivitySource, lastActivityKind };
    events.push(new CMLWorkerTelemetryUpdatedDomainEvent(id, { ...used, ...unknown, updatedAt: now }));
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
  if (!unwanted) return [];
  const why = reading.stateReason;
  const told = endedOutside(state, why?.message ?? null, now);
  if (!why) return told;
  const reason = { ...why, at: now, nextTryAt: null };
  return [...told, new CMLWorkerStatusReasonUpdatedDomainEvent(state.id, { reason, updatedAt: now })];
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
    { id, status, desired, answered, convergedAt }: WorkerState,
    reading: SweptReading,
    now: Date,
  ): WorkerEvent[] => {
    const stopped = before.status !== 'STOPPED' && status === 'STOPPED';
    const ours =
      convergedAt === null &&
      desired.state === 'RUNNING' &&
      answered?.status === 'PENDING' &&
      answered.at >= desired.at;
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
