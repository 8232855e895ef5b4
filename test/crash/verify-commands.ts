import { type Entry, type Ledger } from './ledger';
import { byStream, type StoredCommit } from './stored';

export interface CommandsVerdict {
  readonly lost: number;
  readonly twice: number;
  readonly faults: readonly string[];
}

/**
 * Holds what was acknowledged against what is stored: each command must have made one commit, a refused one none. What an
 * operation did for it afterwards, in the same name, is no second time of it, and must itself have been done once.
 */
export function verifyCommands(
  { entries }: Ledger,
  commits: readonly StoredCommit[],
  /** workers whose creation is not in the ledger */
  given: readonly string[] = [],
): CommandsVerdict {
  const byPeople = commits
    .filter((commit) => commit.stream.startsWith('worker-') && isByPeople(commit))
    .filter(({ stream, first }) => first > 1 || !given.some((id) => stream === `worker-${id}`));
  const made = new Map<string, StoredCommit[]>();
  for (const commit of byPeople) {
    const { correlationId } = commit.meta;
    made.set(correlationId, [...(made.get(correlationId) ?? []), commit]);
  }
  const faults: string[] = [];
  let lost = 0;
  let twice = 0;
  for (const entry of entries) {
    const { correlationId, what, workerId, event, orElse, promise } = entry;
    const all = made.get(correlationId) ?? [];
    made.delete(correlationId);
    const found = all.filter(isAskedFor);
    const name = `${what} ${correlationId} of worker ${workerId}`;
    if (promise === 'never') {
      if (all.length > 0) faults.push(`${name} was refused, and carried out`);
    } else if (found.length === 0 && promise === 'once') {
      lost += 1;
      faults.push(`${name} was acknowledged, and is lost`);
    } else if (found.length > 1) {
      twice += 1;
      faults.push(`${name} was carried out ${found.length} times: ${found.map(typesOf).join('; ')}`);
    } else if (found[0]) {
      const types = typesOf(found[0]);
      if (!types.includes(event) && !orElse?.includes(types.join()))
        faults.push(`${name} made no ${event}, but ${types.join(', ')}`);
    }
    faults.push(...wrongAfter(entry, all).map((fault) => `${name} ${fault}`));
  }
  for (const correlationId of made.keys()) faults.push(`nobody was told of the command ${correlationId}`);
  return { lost, twice, faults };
}

/** What is wrong with what operations did for a command. */
function wrongAfter({ followedBy = [] }: Entry, commits: readonly StoredCommit[]): string[] {
  const after = commits.filter((commit) => !isAskedFor(commit));
  if (after.length === 0) return [];
  const faults: string[] = [];
  if (commits[0] && !isAskedFor(commits[0])) faults.push('was followed up before it was carried out');
  const operations = new Set(after.map(({ meta }) => meta.causationId));
  if (operations.size > 1) faults.push(`was followed up by ${operations.size} operations`);
  const types = after.flatMap(typesOf);
  for (const type of new Set(types)) {
    const times = types.filter((one) => one === type).length;
    if (!followedBy.includes(type)) faults.push(`was followed by ${type}`);
    else if (times > 1) faults.push(`was followed by ${type} ${times} times`);
  }
  return faults;
}

/** Where each worker was commanded by one client only: its commits stand in the order of their answers. */
export function verifyOrder({ entries }: Ledger, commits: readonly StoredCommit[]): string[] {
  const faults: string[] = [];
  for (const [stream, own] of byStream(commits)) {
    const stored = own
      .filter((commit) => isByPeople(commit) && isAskedFor(commit))
      .map(({ meta }) => meta.correlationId);
    const told = entries
      .filter(({ workerId, promise }) => stream === `worker-${workerId}` && promise === 'once')
      .map(({ correlationId }) => correlationId);
    const firstWrong = told.findIndex((id, index) => id !== stored[index]);
    if (firstWrong >= 0) faults.push(`${stream}: another order from the command ${told[firstWrong]} on`);
  }
  return faults;
}

function isByPeople({ meta }: StoredCommit): boolean {
  return meta.actor.startsWith('api-key:');
}

/** Not done by an operation, which names itself as the cause, on behalf of whoever asked for something else. */
function isAskedFor({ meta }: StoredCommit): boolean {
  return meta.causationId === null;
}

function typesOf({ events }: StoredCommit): string[] {
  return events.map(({ type }) => type);
}
