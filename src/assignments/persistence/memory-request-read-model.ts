import { type MachineClock, plus } from '../../kernel/clocks';
import { type RequestPage, type RequestPosition, RequestReadModel, REQUESTS_KEPT_MS } from '../domain/ports';
import { OPEN_STATES, type WorkerRequestState } from '../domain/worker-request-state';

interface Row {
  readonly record: WorkerRequestState;
  readonly version: number;
  /** machine time; null: it is open */
  readonly endedAt: Date | null;
}

/** Requests in the memory of one process. */
export class MemoryRequestReadModel extends RequestReadModel {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  put(record: WorkerRequestState, version: number): Promise<void> {
    this.forgetOld();
    const present = this.rows.get(record.id);
    if (!present || present.version < version) {
      this.rows.set(record.id, { record, version, endedAt: record.endedAt && this.clock.now() });
    }
    return Promise.resolve();
  }

  page({ userId, states, visible, after, limit }: RequestPage): Promise<WorkerRequestState[]> {
    const found = this.records()
      .filter((it) => userId === null || it.userId === userId)
      .filter(({ state }) => states?.includes(state) ?? true)
      .filter((it) => isVisible(it, visible))
      .sort((a, b) => oldestFirst(b, a))
      .filter((it) => !after || oldestFirst(it, after) < 0);
    return Promise.resolve(found.slice(0, limit));
  }

  open(): Promise<WorkerRequestState[]> {
    const found = this.records().filter(({ state }) => OPEN_STATES.includes(state));
    return Promise.resolve(found.sort(oldestFirst));
  }

  private records(): WorkerRequestState[] {
    return [...this.rows.values()].map(({ record }) => record);
  }

  private forgetOld(): void {
    const oldest = plus(this.clock.now(), -REQUESTS_KEPT_MS);
    for (const [id, { endedAt }] of this.rows) if (endedAt && endedAt <= oldest) this.rows.delete(id);
  }
}

function isVisible(record: WorkerRequestState, visible: RequestPage['visible']): boolean {
  if (!visible || record.userId === visible.userId) return true;
  return record.workerId !== null && visible.workerIds.includes(record.workerId);
}

function oldestFirst(a: RequestPosition, b: RequestPosition): number {
  return a.requestedAt.getTime() - b.requestedAt.getTime() || (a.id < b.id ? -1 : Number(a.id > b.id));
}
