import { type WantedTag } from './worker-request-state';
import { hasRoom } from './worker-seats';

/** How soon somebody could use a worker: now, when it has booted, when it was started, or not by this means. */
export const READINESS = ['available', 'booting', 'stopped', 'none'] as const;
export type Readiness = (typeof READINESS)[number];

/** A worker as far as it matters to who gets it. */
export interface PoolWorker {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  /** to whom it is assigned or promised in the time asked for */
  readonly users: readonly string[];
}

export interface Choice {
  /** those that can be given, the best first */
  readonly workers: readonly PoolWorker[];
  /** why there is none, for people; null where there is one */
  readonly message: string | null;
}

/**
 * Which worker a request gets. Those that can be used at once come before those that boot, and these before those that
 * must be started; then those with the fewest users, then by name. The same fleet always gives the same order.
 */
export function chooseWorker(
  { userId, tags }: { readonly userId: string; readonly tags: readonly WantedTag[] },
  pool: readonly PoolWorker[],
  capacity: number,
): Choice {
  const fitting = pool.filter((worker) => tags.every(({ key, value }) => worker.tags[key] === value));
  const usable = fitting.filter(({ readiness }) => readiness !== 'none');
  const workers = usable.filter(({ users }) => hasRoom(userId, users, capacity)).sort(bestFirst);
  if (workers.length > 0) return { workers, message: null };
  return { workers, message: whyNone(fitting.length, usable.length) };
}

function whyNone(fitting: number, usable: number): string {
  if (fitting === 0) return 'No worker has what is asked for. It is looked for again until the time is over.';
  if (usable === 0) return 'The workers that fit can be neither used nor started at present.';
  return 'All workers that fit are taken. It waits until one is free.';
}

function bestFirst(a: PoolWorker, b: PoolWorker): number {
  return (
    READINESS.indexOf(a.readiness) - READINESS.indexOf(b.readiness) ||
    new Set(a.users).size - new Set(b.users).size ||
    compare(a.name.toLowerCase(), b.name.toLowerCase()) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
