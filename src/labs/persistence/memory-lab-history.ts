import { type LabChange } from '../domain/lab-change';
import { type ChangePosition, LabHistory } from '../domain/ports';

/** Changes in the memory of one process, for as long as it lives. */
export class MemoryLabHistory extends LabHistory {
  private readonly byWorker = new Map<string, Map<string, LabChange>>();

  add(changes: readonly LabChange[]): Promise<void> {
    for (const change of changes) {
      const known = this.byWorker.get(change.workerId) ?? new Map<string, LabChange>();
      this.byWorker.set(change.workerId, known);
      if (!known.has(change.id)) known.set(change.id, change);
    }
    return Promise.resolve();
  }

  recent(workerId: string, limit: number): Promise<LabChange[]> {
    return Promise.resolve(this.of(workerId).slice(-limit));
  }

  page(workerId: string, labId: string, after: ChangePosition | null, limit: number): Promise<LabChange[]> {
    const found = this.of(workerId)
      .filter((change) => change.labId === labId)
      .filter((change) => !after || oldestFirst(change, after) > 0);
    return Promise.resolve(found.slice(0, limit));
  }

  private of(workerId: string): LabChange[] {
    return [...(this.byWorker.get(workerId)?.values() ?? [])].sort(oldestFirst);
  }
}

function oldestFirst(a: ChangePosition, b: ChangePosition): number {
  return a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : Number(a.id !== b.id));
}
