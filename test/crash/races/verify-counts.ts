import { byStream, type StoredCommit } from '../stored';
import { COUNT } from './racing-client';

/** Everybody counts up what they read: a count that comes twice, or is left out, is a lost update. */
export function verifyCounts(commits: readonly StoredCommit[]): { counted: number; faults: string[] } {
  const faults: string[] = [];
  let counted = 0;
  for (const [stream, own] of byStream(commits)) {
    let expected = 1;
    for (const { type, data } of own.flatMap(({ events }) => events)) {
      if (type !== 'worker.details-updated') continue;
      const count = Number((data.tags as Record<string, string>)[COUNT]);
      if (count !== expected) faults.push(`${stream}: the count went from ${expected - 1} to ${count}`);
      expected = count + 1;
      counted += 1;
    }
  }
  return { counted, faults };
}
