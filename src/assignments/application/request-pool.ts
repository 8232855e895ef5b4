import { type QueryBus } from '@nestjs/cqrs';
import { HOUR, plus } from '../../kernel/clocks';
import { GetObservations } from '../../telemetry';
import { GetActiveWorkers, type WorkerState } from '../../workers';
import { type PoolWorker } from '../domain/worker-choice';
import { type WorkerRequestState } from '../domain/worker-request-state';
import { type LabUserDirectory } from './lab-user-directory';
import { readinessOf } from './worker-outlook';

type Asking = Pick<WorkerRequestState, 'id' | 'userId' | 'hours' | 'labId'>;

/** The workers in one turn, with whom they are promised to. */
export class RequestPool {
  private readonly promised = new Map<string, string>();
  private readonly users = new Map<string, string>();

  private constructor(
    private readonly workers: readonly WorkerState[],
    private readonly directory: LabUserDirectory,
    private readonly queries: Pick<QueryBus, 'execute'>,
  ) {}

  /** @param open all requests under way */
  static async load(
    open: readonly WorkerRequestState[],
    directory: LabUserDirectory,
    queries: Pick<QueryBus, 'execute'>,
  ): Promise<RequestPool> {
    const pool = new RequestPool(await queries.execute(new GetActiveWorkers()), directory, queries);
    for (const request of open) {
      if (request.state === 'starting' && request.workerId !== null) pool.promise(request.workerId, request);
    }
    return pool;
  }

  promise(workerId: string, { id, userId }: Pick<Asking, 'id' | 'userId'>): void {
    this.promised.set(id, workerId);
    this.users.set(id, userId);
  }

  /** All workers as they matter to one request; with a lab only those on which it was seen last. */
  async for(asking: Asking, now: Date): Promise<PoolWorker[]> {
    const span = { from: now, until: plus(now, asking.hours * HOUR) };
    const assigned = this.directory.usersWithin(span);
    const candidates = asking.labId === null ? this.workers : await this.having(asking.labId);
    return candidates.map((worker) => {
      const others = (assigned.get(worker.id) ?? []).filter(({ requestId }) => requestId !== asking.id);
      const users = [...others.map(({ userId }) => userId), ...this.promisedTo(worker.id, asking.id)];
      return { id: worker.id, name: worker.name, tags: worker.tags, readiness: readinessOf(worker), users };
    });
  }

  private promisedTo(workerId: string, except: string): string[] {
    return [...this.promised]
      .filter(([id, promised]) => promised === workerId && id !== except)
      .map(([id]) => this.users.get(id) ?? '');
  }

  private async having(labId: string): Promise<readonly WorkerState[]> {
    const observed = await this.queries.execute(new GetObservations(this.workers.map(({ id }) => id)));
    const labsOf = ({ id }: WorkerState) => observed.get(id)?.observations['cml-labs']?.values?.labs ?? [];
    return this.workers.filter((worker) => labsOf(worker).some((lab) => lab.id === labId));
  }
}
