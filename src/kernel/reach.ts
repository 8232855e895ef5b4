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

function isIn({ regions, tags, workerIds }: Scope, worker: Reachable): boolean {
  return (
    (regions?.includes(worker.awsRegion) ?? true) &&
    (tags?.some(({ key, value }) => worker.tags[key] === value) ?? true) &&
    (workerIds?.includes(worker.id) ?? true)
  );
}
