import { type QueryBus } from '@nestjs/cqrs';
import { ListWorkers, type WorkerState } from '../../workers';
import { type SimulationOrder } from '../domain/simulation';
import { type SkippedWorker } from '../domain/simulation-result';

const AT_ONCE = 200;

/** The workers that a simulation is about, terminated ones that were there at the time among them. */
export class ChosenWorkers {
  constructor(private readonly queries: QueryBus) {}

  /** By id, as the reaper takes them. @throws StoreUnavailable */
  async of({
    from,
    to,
    workerIds,
    tag,
  }: SimulationOrder): Promise<{ readonly workers: WorkerState[]; readonly missing: SkippedWorker[] }> {
    const wanted = workerIds && new Set(workerIds);
    const chosen: WorkerState[] = [];
    const filter = { includeTerminated: true, ...(tag && { tags: [tag] }) };
    let after: { value: string; id: string } | null = null;
    for (;;) {
      const request = { filter, sort: 'name' as const, limit: AT_ONCE, after };
      const page: WorkerState[] = await this.queries.execute(new ListWorkers(request));
      for (const worker of page) {
        const { terminatedAt, createdAt } = worker;
        const wasThere = createdAt <= to && (terminatedAt === null || terminatedAt > from);
        if (wasThere && (!wanted || wanted.has(worker.id))) chosen.push(worker);
      }
      const last = page.at(-1);
      if (!last || page.length < AT_ONCE) break;
      after = { value: last.name, id: last.id };
    }
    const found = new Set(chosen.map(({ id }) => id));
    const why = 'It was not there at the time, or is no longer managed, or has not the tag.';
    const missing = (workerIds ?? []).filter((id) => !found.has(id));
    return {
      workers: chosen.sort((one, other) => (one.id < other.id ? -1 : 1)),
      missing: missing.map((workerId) => ({ workerId, workerName: null, why })),
    };
  }
}
