import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type SweptReading } from './instance-reading';
import { wasFulfilled } from './fulfilment';
import { MANAGED_BY, MANAGED_BY_TAG } from './owner-tags';
import {
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerDriftDetectedDomainEvent,
  CMLWorkerStatusReasonUpdatedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { type DriftPolicy, type Intent, type WorkerState } from './worker-state';

/** A state that was changed outside must be seen again after this long: a moment in between is none. */
const STANDS_MS = 30 * SECOND;

/** EC2 may show an instance's type and tags as they were for this long after we, or it, changed anything. */
const SETTLED_AFTER_MS = 5 * MINUTE;

/**
 * What was changed in AWS, past cml-fleet. The state of the instance counts as changed once the intent was seen fulfilled
 * and two readings, half a minute apart at least, saw it otherwise; before that the intent is pursued. By policy the intent follows, or is carried out
 * again.
 */
export function driftOf(
  state: WorkerState,
  reading: SweptReading,
  now: Date,
  fleetPolicy: DriftPolicy,
): WorkerEvent[] {
  const policy = state.driftPolicy ?? fleetPolicy;
  return [
    ...stateDrift(state, reading, now, policy),
    ...typeDrift(state, reading, now, policy),
    ...ownerTagsDrift(state, reading, now),
  ];
}

/** An instance that ended without anybody here wanting it. There is nothing that could be put right. */
export function endedOutside(state: WorkerState, why: string | null, now: Date): WorkerEvent[] {
  return [detected(state, { attribute: 'state', found: 'TERMINATED', why, policy: 'follow' }, now)];
}

function stateDrift(
  state: WorkerState,
  reading: SweptReading,
  now: Date,
  policy: DriftPolicy,
): WorkerEvent[] {
  const { desired, status, statusAt } = state;
  if (!wasFulfilled(state) || (status !== 'RUNNING' && status !== 'STOPPED')) return [];
  if (desired.state === status || desired.state === 'TERMINATED') return [];
  // the sweep that saw it first changed the status; a later one sees it still
  if (reading.begunAt < plus(statusAt, STANDS_MS)) return [];
  const why = reading.stateReason?.message ?? null;
  return [
    detected(state, { attribute: 'state', found: status, why, policy }, now),
    ...(policy === 'follow' ? followed(state, status, why, now) : enforced(state, status, now)),
  ];
}

function followed(
  { id, desired }: WorkerState,
  status: 'RUNNING' | 'STOPPED',
  why: string | null,
  now: Date,
): WorkerEvent[] {
  const told = why === null ? '' : ` (${why})`;
  const reason = `found ${status} although ${desired.state} was wanted: changed outside cml-fleet${told}`;
  const intent = outsideIntent(status, 'system:drift', reason, now);
  return [new CMLWorkerDesiredStateUpdatedDomainEvent(id, { desired: intent })];
}

/** The same intent anew, now the program's own: a stop of it waits for what a person's need not wait for. */
function enforced({ id, desired }: WorkerState, status: 'RUNNING' | 'STOPPED', now: Date): WorkerEvent[] {
  const wanted = status === 'RUNNING' ? 'STOPPED' : 'RUNNING';
  const reason = `found ${status} although ${desired.state} was wanted: put right by policy`;
  const intent = outsideIntent(wanted, 'system:drift', reason, now);
  const events: WorkerEvent[] = [new CMLWorkerDesiredStateUpdatedDomainEvent(id, { desired: intent })];
  if (wanted === 'RUNNING') return events;
  const message =
    'It was started outside cml-fleet, and is stopped again once CML says that no lab runs on it.';
  const waits = { code: 'drift', message, at: now, nextTryAt: now };
  return [...events, new CMLWorkerStatusReasonUpdatedDomainEvent(id, { reason: waits, updatedAt: now })];
}

function typeDrift(state: WorkerState, reading: SweptReading, now: Date, policy: DriftPolicy): WorkerEvent[] {
  const found = reading.instanceType ?? null;
  if (found === null || found === state.appliedInstanceType || !isSettled(state, reading)) return [];
  return [detected(state, { attribute: 'instance-type', found, why: null, policy }, now)];
}

/** Without its tag our rights to an instance, and the sweeps, do not reach it: the tag is put back, whatever the policy. */
function ownerTagsDrift(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  const tag = reading.tags?.[MANAGED_BY_TAG];
  const known = reading.tags !== undefined && state.appliedTags !== null;
  if (!known || tag === MANAGED_BY || !isSettled(state, reading)) return [];
  const found = tag ?? 'no tag';
  return [detected(state, { attribute: 'owner-tags', found, why: null, policy: 'enforce' }, now)];
}

function isSettled({ updatedAt }: WorkerState, { begunAt }: SweptReading): boolean {
  return begunAt >= plus(updatedAt, SETTLED_AFTER_MS);
}

type Found = Pick<CMLWorkerDriftDetectedDomainEvent['data'], 'attribute' | 'found' | 'why' | 'policy'>;

function detected(state: WorkerState, found: Found, now: Date): WorkerEvent {
  const wanted = {
    state: state.desired.state,
    'instance-type': state.appliedInstanceType,
    'owner-tags': `${MANAGED_BY_TAG}=${MANAGED_BY}`,
  }[found.attribute];
  return new CMLWorkerDriftDetectedDomainEvent(state.id, { ...found, wanted, detectedAt: now });
}

export function outsideIntent(state: 'RUNNING' | 'STOPPED', by: string, reason: string, at: Date): Intent {
  return { state, by, reason, at, decisionId: null, sendBefore: null };
}
