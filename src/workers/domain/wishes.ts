import {
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerDetailsUpdatedDomainEvent,
  CMLWorkerImageUpdatedDomainEvent,
  CMLWorkerReleasedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { labsFirst } from './forced-stop';
import { terminated } from './instance-observation';
import { explain } from './launching';
import { mustBeUnusedSince, used } from './uses';
import { InvalidTransition, LabsRunning, LabsUnknown, TAGS_NOT_APPLIED } from './worker-errors';
import { hasLaunched, type Intent, sameTags, wantedTags, type WorkerState } from './worker-state';
import { type CMLWorkerStatus, type DesiredState, FULFILLED_BY, isDown } from './worker-status';

/** Who wants something, why, and when in fleet time. */
export interface Wish {
  readonly by: string;
  readonly reason: string | null;
  readonly at: Date;
}

export interface StopWish extends Wish {
  /** stop although labs run, or although nobody can tell */
  readonly force?: boolean;
  readonly decisionId?: string | null;
  /** machine time after which an automatic stop must not be sent */
  readonly sendBefore?: Date | null;
  /**
   * running labs by a fresh reading; null: nobody can tell. Left out of an automatic stop, which rests on its own probe,
   * and of a forced one
   */
  readonly labs?: number | null;
  /** of an automatic stop: time of the latest use that its decision knew of, null for none; undefined does not ask */
  readonly expectedUse?: Date | null;
  /** of an automatic stop, of the maximum uptime: also where nobody can tell whether labs run; never where they did */
  readonly despiteUnknownLabs?: boolean;
  /** of a forced stop: at once, without stopping the labs in order first. An automatic one never waits for that */
  readonly cutLabs?: boolean;
}

export interface TerminateWish extends Wish {
  /** at once, whatever labs and licence are on it */
  readonly force?: boolean;
}

export type WorkerDetails = Pick<
  WorkerState,
  'name' | 'tags' | 'instanceType' | 'amiId' | 'amiName' | 'idlePolicyId' | 'driftPolicy'
>;

const UNDER_WAY: readonly CMLWorkerStatus[] = ['PENDING', 'STOPPING', 'SHUTTING_DOWN'];

/** Labs may be running: an instance that nobody can see is not one that stands still. */
const MAY_RUN_LABS: readonly CMLWorkerStatus[] = ['RUNNING', 'UNKNOWN'];

export function wishToStart(state: WorkerState, wish: Wish): WorkerEvent[] {
  mustBeRunnable(state, 'started');
  return [...want(state, intent('RUNNING', wish)), ...used(state, 'start', wish)];
}

/**
 * @throws LabsRunning, LabsUnknown for an instance that may be running, unless forced; WorkerUsed where somebody was
 * faster than an automatic stop
 */
export function wishToStop(state: WorkerState, wish: StopWish): WorkerEvent[] {
  mustBeRunnable(state, 'stopped');
  mustBeUnusedSince(state, wish.expectedUse);
  if (isWanted(state, 'STOPPED') && !outlives(wish, state)) return tryAgain(state, wish);
  if (MAY_RUN_LABS.includes(state.status) && !wish.force) {
    const running = wish.labs || state.activeLabsCount || 0;
    if (running > 0) throw new LabsRunning(state, running);
    const isUnknown = wish.labs === null || state.activeLabsCount === null;
    const matters = !wish.sendBefore || !wish.despiteUnknownLabs;
    if (matters && (isUnknown || !isCountReliable(state, wish))) throw new LabsUnknown(state);
  }
  const { decisionId = null, sendBefore = null } = wish;
  if (sendBefore) mustNotBeRefusedLately(state, wish.at);
  const forced = wish.force ? ({ force: true } as const) : {};
  const first = wish.force && !wish.cutLabs && !sendBefore ? labsFirst(state, wish.at) : {};
  const desired = { ...intent('STOPPED', wish), decisionId, sendBefore, ...forced, ...first };
  return [new CMLWorkerDesiredStateUpdatedDomainEvent(state.id, { desired })];
}

/** An automatic stop that AWS has refused a while ago would be refused again, and announced again, for ever. @throws InvalidTransition */
export function mustNotBeRefusedLately(state: WorkerState, now: Date): void {
  const { statusReason } = state;
  if (!statusReason?.nextTryAt || statusReason.nextTryAt <= now) return;
  if (statusReason.code === TAGS_NOT_APPLIED) return;
  const remedy = `AWS refused it: ${statusReason.message} It is tried again after ${statusReason.nextTryAt.toISOString()}.`;
  throw new InvalidTransition(state, 'stopped automatically', remedy);
}

/** Without labs by an old count may be with labs now: the server must answer, or a live probe have confirmed it. */
function isCountReliable({ serviceStatus }: WorkerState, { sendBefore }: StopWish): boolean {
  return serviceStatus === 'AVAILABLE' || Boolean(sendBefore);
}

export function wishToTerminate(state: WorkerState, wish: TerminateWish): WorkerEvent[] {
  if (state.status === 'TERMINATED') return [];
  mustBeManaged(state, 'terminated');
  const desired = { ...intent('TERMINATED', wish), ...(wish.force && ({ force: true } as const)) };
  // on top of one that waits for what is kept and given back first
  const hurries = wish.force === true && !state.desired.force;
  const wanted = hurries
    ? [new CMLWorkerDesiredStateUpdatedDomainEvent(state.id, { desired })]
    : want(state, desired);
  const neverLaunched = !hasLaunched(state);
  return neverLaunched ? [...wanted, ...terminated(state, wish.by, wish.at)] : wanted;
}

export function wishToRelease(state: WorkerState, wish: Wish): WorkerEvent[] {
  mustBeManaged(state, 'released');
  const neverLaunched = !hasLaunched(state);
  const nothingToCome =
    (state.status === 'UNKNOWN' && state.desired.state !== 'TERMINATED') ||
    (neverLaunched && state.desired.state === 'STOPPED');
  const underWay = state.convergedAt === null || UNDER_WAY.includes(state.status);
  if (underWay && !nothingToCome) {
    throw new InvalidTransition(
      state,
      'released',
      'A launch, start, stop or termination is under way: try again when it is over.',
    );
  }
  const { by, reason, at } = wish;
  return [new CMLWorkerReleasedDomainEvent(state.id, { by, reason, releasedAt: at })];
}

/**
 * Type and image of a worker that was never launched may be changed; what AWS refused is then tried anew.
 * @throws InvalidTransition when the instance type changes while the instance is not stopped, or the image once there is
 * an instance
 */
export function wishForDetails(state: WorkerState, details: WorkerDetails, now: Date): WorkerEvent[] {
  mustBeManaged(state, 'changed');
  const launched = hasLaunched(state);
  const retyped = details.instanceType !== state.instanceType;
  const otherImage = details.amiId !== state.amiId || details.amiName !== state.amiName;
  if (retyped && launched && state.status !== 'STOPPED') {
    throw new InvalidTransition(state, 'given another instance type', 'Stop it first.');
  }
  if (otherImage && launched) {
    throw new InvalidTransition(state, 'given another image', 'It has its instance; create a new worker.');
  }
  const { amiId, amiName, name, tags, instanceType, idlePolicyId, driftPolicy } = details;
  const others = { name, tags, instanceType, idlePolicyId, driftPolicy };
  const same =
    !retyped &&
    others.name === state.name &&
    others.idlePolicyId === state.idlePolicyId &&
    others.driftPolicy === state.driftPolicy &&
    sameTags(others.tags, state.tags);
  if (same && !otherImage) return askedAgain(state, now);
  return [
    ...(same ? [] : [new CMLWorkerDetailsUpdatedDomainEvent(state.id, { ...others, updatedAt: now })]),
    ...(otherImage
      ? [new CMLWorkerImageUpdatedDomainEvent(state.id, { amiId, amiName, updatedAt: now })]
      : []),
    ...(launched ? triedAgain(state, now) : explain(state, null, now)),
  ];
}

/** Details that the instance lacks still, asked for once more: where AWS refused them, they are tried again at once. */
function askedAgain(state: WorkerState, now: Date): WorkerEvent[] {
  const { awsInstanceId, status, instanceType, appliedInstanceType, appliedTags } = state;
  if (awsInstanceId === null || status === 'UNKNOWN') return [];
  const lacks = instanceType !== appliedInstanceType || !sameTags(appliedTags, wantedTags(state));
  return lacks ? explain(state, null, now) : [];
}

/** What AWS refused until a person asks again may have been about what the person has now changed. */
function triedAgain(state: WorkerState, now: Date): WorkerEvent[] {
  const waits = state.statusReason?.nextTryAt === null && state.status !== 'UNKNOWN';
  return waits ? explain(state, null, now) : [];
}

export function intent(state: DesiredState, { by, reason, at }: Wish): Intent {
  return { state, by, reason, at, decisionId: null, sendBefore: null };
}

/** @throws InvalidTransition for a worker that is gone or released */
export function mustBeManaged(state: WorkerState, asked: string): void {
  if (state.status === 'TERMINATED') {
    throw new InvalidTransition(state, asked, 'It is gone for good; create a new worker.');
  }
  if (state.releasedAt) {
    throw new InvalidTransition(state, asked, 'It was released and is not managed any more.');
  }
}

function mustBeRunnable(state: WorkerState, asked: string): void {
  mustBeManaged(state, asked);
  if (state.desired.state === 'TERMINATED') {
    throw new InvalidTransition(state, asked, 'Its termination was asked for and is under way.');
  }
}

function want(state: WorkerState, desired: Intent): WorkerEvent[] {
  return isWanted(state, desired.state)
    ? tryAgain(state, desired)
    : [new CMLWorkerDesiredStateUpdatedDomainEvent(state.id, { desired })];
}

/**
 * Whether it is wanted already, and fulfilled or under way. What was fulfilled and holds no more is changed from
 * outside: an older intent would yield to that change, so a person's new word must be a new one.
 */
function isWanted(state: WorkerState, desired: DesiredState): boolean {
  const broken = state.convergedAt !== null && state.status !== FULFILLED_BY[desired];
  return state.desired.state === desired && !broken;
}

/**
 * A stop that will be sent where the one that is wanted already would not, since EC2 does not show it yet: one without
 * a deadline on top of an automatic one that may lapse, a forced one on top of one that waits for labs to end, or one
 * that cuts them on top of one that stops them in order.
 */
function outlives(
  { sendBefore = null, force, cutLabs }: StopWish,
  { desired, status }: WorkerState,
): boolean {
  if (isDown(status)) return false;
  const lasts = sendBefore === null && desired.sendBefore !== null;
  return lasts || (force === true && (!desired.force || (cutLabs === true && desired.stopLabs === true)));
}

/** What is wanted already, asked for once more: where something is in the way, it is tried again at once. */
function tryAgain(state: WorkerState, { at }: Pick<Wish, 'at'>): WorkerEvent[] {
  return state.convergedAt === null ? explain(state, null, at) : [];
}
