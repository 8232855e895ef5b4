import { Injectable } from '@nestjs/common';
import { type VerdictChange, VerdictBook, type VerdictNow } from '../domain/verdict-book';
import { changesBetween } from './verdict-changes';

/** Of each worker so many changes are kept. */
const KEPT = 1_000;

/** Verdicts in this process' memory. */
@Injectable()
export class MemoryVerdictBook extends VerdictBook {
  private readonly now = new Map<string, VerdictNow>();
  private readonly changes = new Map<string, readonly VerdictChange[]>();

  current(workerIds?: readonly string[]): Promise<ReadonlyMap<string, VerdictNow>> {
    const found = workerIds
      ? workerIds.flatMap((id) => this.now.get(id) ?? [])
      : [...this.now.values()].filter(({ verdict }) => verdict !== 'not-applicable');
    return Promise.resolve(new Map(found.map((one) => [one.workerId, one])));
  }

  add(changes: readonly VerdictChange[]): Promise<void> {
    for (const change of changes) {
      const { workerId, decisionId } = change;
      const before = this.changes.get(workerId) ?? [];
      if (before.some((known) => known.decisionId === decisionId)) continue;
      this.changes.set(workerId, [...before, change].slice(-KEPT));
      this.now.set(workerId, { ...change, alarmed: [] });
    }
    return Promise.resolve();
  }

  alarmed(workerId: string, decisionId: string, episodeId: string): Promise<void> {
    const one = this.now.get(workerId);
    if (one?.decisionId === decisionId && !one.alarmed.includes(episodeId)) {
      this.now.set(workerId, { ...one, alarmed: [...one.alarmed, episodeId] });
    }
    return Promise.resolve();
  }

  between(workerId: string, from: Date, to: Date): Promise<VerdictChange[]> {
    return Promise.resolve(changesBetween(this.changes.get(workerId) ?? [], from, to));
  }
}
