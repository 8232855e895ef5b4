import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRequests } from '../domain/ports';
import { type WorkerRequest } from '../domain/worker-request';
import { type WorkerRequestState } from '../domain/worker-request-state';

export class EventSourcedWorkerRequests extends WorkerRequests {
  constructor(private readonly requests: AggregateStore<WorkerRequest, WorkerRequestState>) {
    super();
  }

  async add(request: WorkerRequest, context: CommandContext): Promise<WorkerRequest> {
    const before = await this.find(request.id);
    return before ?? (await this.requests.create(request, context)).aggregate;
  }

  async find(id: string): Promise<WorkerRequest | null> {
    return (await this.requests.load(id))?.aggregate ?? null;
  }

  async update(
    id: string,
    context: CommandContext,
    decide: (request: WorkerRequest) => void,
  ): Promise<WorkerRequest> {
    return (await this.requests.change(id, context, decide)).aggregate;
  }
}
