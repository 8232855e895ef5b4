import { type Ledger } from './ledger';
import { byStream, type StoredCommit } from './stored';

export interface CommandsVerdict {
  readonly lost: number;
  readonly twice: number;
  readonly faults: readonly string[];
}

/** Holds what was acknowledged against what is stored: each command must have made one commit, a refused one none. */
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
  for (const { correlationId, what, workerId, event, orElse, promise } of entries) {
    const found = made.get(correlationId) ?? [];
    made.delete(correlationId);
    const name = `${what} ${correlationId} of worker ${workerId}`;
    if (promise === 'never') {
      if (found.length > 0) faults.push(`${name} was refused, and carried out`);
    } else if (found.length === 0) {
      if (promise === 'at most once') continue;
      lost += 1;
      faults.push(`${name} was acknowledged, and is lost`);
    } else if (found.length > 1) {
      twice += 1;
      faults.push(`${name} was carried out ${found.length} times`);
    } else {
      const types = found[0]?.events.map(({ type }) => type) ?? [];
      if (!types.includes(event) && types.join() !== orElse)
        faults.push(`${name} made no ${event}, but ${types.join(', ')}`);
    }
  }
  for (const correlationId of made.keys()) faults.push(`nobody was told of the command ${correlationId}`);
  return { lost, twice, faults };
}

/** Where each worker was commanded by one client only: its commits stand in the order of their answers. */
export function verifyOrder({ entries }: Ledger, commits: readonly StoredCommit[]): string[] {
  const faults: string[] = [];
  for (const [stream, own] of byStream(commits)) {
    const stored = own.filter(isByPeople).map(({ meta }) => meta.correlationId);
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
