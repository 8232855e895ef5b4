import {
  INSTALLATION_TAG,
  MANAGED_BY,
  MANAGED_BY_TAG,
  WORKER_TAG,
} from '../../../src/workers/domain/owner-tags';
import { hasLaunched, wantedTags, type WorkerState } from '../../../src/workers/domain/worker-state';
import { type Bench } from './bench';
import { type Life } from './truth';

const STATES = { RUNNING: 'running', STOPPED: 'stopped', TERMINATED: 'terminated' } as const;

/** Why a worker is not as wanted, by EC2's own books and by ours; null where it is. */
export function lacks({ truth }: Pick<Bench, 'truth'>, worker: WorkerState): string | null {
  const { id, desired, status, awsInstanceId, instanceType, releasedAt } = worker;
  if (releasedAt) return null;
  if (desired.state === 'TERMINATED') {
    const alive = truth.lives().find((life) => life.to === null && isOf(life, worker));
    if (alive) return `${id} is wanted TERMINATED, and ${alive.instanceId} lives`;
    return status === 'TERMINATED' ? null : `${id} is wanted TERMINATED, and is ${status} in our books`;
  }
  if (status === 'TERMINATED') return null;
  if (desired.state === 'STOPPED' && !hasLaunched(worker)) return null;
  const state = truth.stateOf(awsInstanceId);
  if (awsInstanceId === null || state !== STATES[desired.state] || status !== desired.state) {
    return `${id} is wanted ${desired.state}, is ${status} in our books, and ${awsInstanceId} is ${state}`;
  }
  const type = truth.typeOf(awsInstanceId);
  if (type !== instanceType) return `${id} is to be ${instanceType}, and is ${type}`;
  const tags = truth.tagsOf(awsInstanceId);
  const wanted = { ...wantedTags(worker), [MANAGED_BY_TAG]: MANAGED_BY, [WORKER_TAG]: id };
  const other = Object.entries(wanted).find(([key, value]) => tags[key] !== value);
  return other ? `${id} is to have the tag ${other.join('=')}, and has ${tags[other[0]]}` : null;
}

/** A tag that people took off and that is there still; null: none. What was imported keeps the tags of its owner. */
export function leftTag({ truth }: Pick<Bench, 'truth'>, worker: WorkerState): string | null {
  const { id, awsInstanceId, launchRequest } = worker;
  if (awsInstanceId === null || launchRequest === null) return null;
  const own = [MANAGED_BY_TAG, WORKER_TAG, INSTALLATION_TAG, ...Object.keys(wantedTags(worker))];
  const left = Object.keys(truth.tagsOf(awsInstanceId)).find((key) => !own.includes(key));
  return left === undefined ? null : `${id} is to have no tag ${left}`;
}

/** What must not be at any time, whatever fails: two instances for one worker, one launch sent in two forms. */
export async function harmsAtAnyTime(bench: Bench): Promise<string[]> {
  return [...doubles(bench.truth.lives()), ...(await launchesOf(bench))];
}

/** Instances that live and are nobody's: what launches made, and no worker knows of, or not that they live. */
export async function leaks(bench: Bench): Promise<string[]> {
  const alive = (await bench.workers()).filter(({ status }) => status !== 'TERMINATED');
  const known = new Set(alive.map(({ awsInstanceId }) => awsInstanceId));
  return bench.truth
    .lives()
    .filter(({ workerId, to, instanceId }) => workerId !== null && to === null && !known.has(instanceId))
    .map(({ instanceId, workerId }) => `${instanceId} lives, and ${workerId} does not know it`);
}

function isOf({ instanceId, workerId }: Life, { id, awsInstanceId }: WorkerState): boolean {
  return workerId === id || instanceId === awsInstanceId;
}

function doubles(lives: readonly Life[]): string[] {
  return lives.flatMap((life, index) =>
    lives
      .slice(index + 1)
      .filter((other) => other.workerId !== null && other.workerId === life.workerId && overlap(life, other))
      .map((other) => `${life.workerId} has two instances at once: ${life.instanceId}, ${other.instanceId}`),
  );
}

function overlap(one: Life, other: Life): boolean {
  const [first, second] = one.from <= other.from ? [one, other] : [other, one];
  return first.to === null || first.to > second.from;
}

async function launchesOf(bench: Bench): Promise<string[]> {
  const harms: string[] = [];
  const bodies = new Map<string, string>();
  for (const { action, params } of bench.calls) {
    if (action !== 'RunInstances') continue;
    const token = String(params.ClientToken);
    const body = JSON.stringify(params);
    if ((bodies.get(token) ?? body) !== body) harms.push(`the launch ${token} was sent in two forms`);
    bodies.set(token, body);
  }
  for (const { id, launchAttempt } of await bench.workers()) {
    const sent = [...bodies.keys()].filter((token) => token.startsWith(`${id}-`)).length;
    if (sent > launchAttempt) harms.push(`${id} has stored ${launchAttempt} launches, and sent ${sent}`);
  }
  return harms;
}
