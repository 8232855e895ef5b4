import {
  aggregateIdOf,
  type AggregateStore,
  type LogEntry,
  type SubscriptionDefinition,
} from '../../event-store';
import { type CmlWorker } from '../domain/cml-worker';
import { type WorkerReadModel } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { WORKER_DEFINITION } from './worker-definition';

/**
 * Keeps the read model at the streams: at once after each commit of this process, and as a subscription to the log for
 * what a crash left undone.
 */
export class WorkerProjection {
  private readonly stored = new Map<string, number>();

  constructor(
    private readonly readModel: WorkerReadModel,
    private readonly aggregates: Pick<AggregateStore<CmlWorker, WorkerState>, 'load'>,
  ) {}

  get subscription(): SubscriptionDefinition {
    return {
      name: 'read-model:workers',
      startAfter: 0,
      kind: WORKER_DEFINITION.streamPrefix,
      handle: (entry) => this.follow(entry),
    };
  }

  async put(worker: CmlWorker): Promise<void> {
    await this.readModel.put(worker.state, worker.version);
    this.stored.set(worker.id, Math.max(worker.version, this.stored.get(worker.id) ?? 0));
  }

  /** Brings one entry of a worker to the read model, unless this process brought a later version there. */
  private async follow({ commit }: LogEntry): Promise<void> {
    const id = aggregateIdOf(commit.stream);
    if ((this.stored.get(id) ?? 0) >= commit.last) return;
    const loaded = await this.aggregates.load(id);
    if (loaded) await this.put(loaded.aggregate);
  }
}
