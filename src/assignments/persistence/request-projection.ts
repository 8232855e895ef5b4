import {
  aggregateIdOf,
  type AggregateStore,
  type LogEntry,
  type SubscriptionDefinition,
} from '../../event-store';
import { type RequestReadModel } from '../domain/ports';
import { type WorkerRequest } from '../domain/worker-request';
import { type WorkerRequestState } from '../domain/worker-request-state';
import { WORKER_REQUEST_DEFINITION } from './definitions';

/** Keeps the list of requests at their streams: after each commit of this process, and by the log for what a crash left. */
export class RequestProjection {
  constructor(
    private readonly readModel: RequestReadModel,
    private readonly requests: Pick<AggregateStore<WorkerRequest, WorkerRequestState>, 'load'>,
  ) {}

  get subscription(): SubscriptionDefinition {
    return {
      name: 'read-model:worker-requests',
      startAfter: 0,
      kind: WORKER_REQUEST_DEFINITION.streamPrefix,
      handle: (entry) => this.follow(entry),
    };
  }

  put({ state, version }: Pick<WorkerRequest, 'state' | 'version'>): Promise<void> {
    return this.readModel.put(state, version);
  }

  private async follow({ commit }: LogEntry): Promise<void> {
    const loaded = await this.requests.load(aggregateIdOf(commit.stream));
    if (loaded) await this.put(loaded.aggregate);
  }
}
