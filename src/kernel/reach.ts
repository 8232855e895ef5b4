/**
 * A part of the fleet, by what its workers are. Each list that is given must hold for a worker; within one list any entry
 * does. Without lists it is everything, with an empty one it is nothing.
 */
export interface Scope {
  readonly regions?: readonly string[];
  readonly tags?: readonly ScopeTag[];
  readonly workerIds?: readonly string[];
  /** of the labs on these workers, those only; the worker itself is covered too. Absent: all labs */
  readonly labIds?: readonly string[];
}

export interface ScopeTag {
  readonly key: string;
  readonly value: string;
}

/** What of the fleet somebody may see and touch: all of it, or what any of the scopes covers. */
export type Reach = typeof FLEET | readonly Scope[];

/** All of the fleet, with what is no worker's: policies, keys, regions. */
export const FLEET = 'fleet';

/** What of a worker decides who may see it. */
export interface Reachable {
  readonly id: string;
  readonly awsRegion: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function covers(reach: Reach, worker: Reachable): boolean {
  return reach === FLEET || reach.some((scope) => isIn(scope, worker));
}

/** Which of a worker's labs are within reach: all, or those with these ids. None where the worker is not. */
export function labsWithin(reach: Reach, worker: Reachable): 'all' | ReadonlySet<string> {
  if (reach === FLEET) return 'all';
  const scopes = reach.filter((scope) => isIn(scope, worker));
  if (scopes.some(({ labIds }) => labIds === undefined)) return 'all';
  return new Set(scopes.flatMap(({ labIds = [] }) => labIds));
}

/** What of a reach covers workers with all of their labs. */
export function withAllLabs(reach: Reach): Reach {
  return reach === FLEET ? FLEET : reach.filter(({ labIds }) => labIds === undefined);
}

/** Whether `part` holds nothing that `whole` does not hold by the same scopes, or as all of the fleet. */
export function isPartOf(part: Reach, whole: Reach): boolean {
  if (whole === FLEET || part === FLEET) return whole === FLEET;
  const held = new Set(whole.map(spelled));
  return part.every((scope) => held.has(spelled(scope)));
}

/** Members in one order, since a scope that was stored may come back in another. */
function spelled({ regions, tags, workerIds, labIds }: Scope): string {
  const pairs = tags?.map(({ key, value }) => [key, value]);
  return JSON.stringify([regions, pairs, workerIds, labIds].map((list) => list ?? null));
}

function isIn({ regions, tags, workerIds }: Scope, worker: Reachable): boolean {
  return (
    (regions?.includes(worker.awsRegion) ?? true) &&
    (tags?.some(({ key, value }) => worker.tags[key] === value) ?? true) &&
    (workerIds?.includes(worker.id) ?? true)
  );
}
