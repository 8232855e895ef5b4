import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { type RequestPosition, RequestReadModel, WorkerRequests } from '../domain/ports';
import { RequestNotFound } from '../domain/request-errors';
import { type RequestState, type WorkerRequestState } from '../domain/worker-request-state';
import { type Viewer, workersWithin } from './reached-workers';

/** A request with its place among those that wait. */
export interface ShownRequest {
  readonly request: WorkerRequestState;
  /** 1 is the next one; null: it does not wait for room */
  readonly position: number | null;
}

export interface RequestFilter {
  readonly userId?: string;
  readonly states?: readonly RequestState[];
}

/** What a viewer may see of the requests, newest first. */
export class ListRequests extends Query<ShownRequest[]> {
  constructor(
    readonly viewer: Viewer,
    readonly filter: RequestFilter,
    readonly after: RequestPosition | null,
    readonly limit: number,
  ) {
    super();
  }
}

/** From its stream. @throws RequestNotFound, also for one that the viewer may not see */
export class GetRequest extends Query<ShownRequest> {
  constructor(
    readonly viewer: Viewer,
    readonly requestId: string,
  ) {
    super();
  }
}

@QueryHandler(ListRequests)
export class ListRequestsHandler implements IQueryHandler<ListRequests> {
  constructor(
    private readonly records: RequestReadModel,
    private readonly queries: QueryBus,
  ) {}

  async execute({ viewer, filter, after, limit }: ListRequests): Promise<ShownRequest[]> {
    const within = await workersWithin(viewer.operates, this.queries);
    const visible = within === 'all' ? null : { userId: viewer.actor, workerIds: [...within] };
    const { userId = null, states = null } = filter;
    const [found, open] = await Promise.all([
      this.records.page({ userId, states, visible, after, limit }),
      this.records.open(),
    ]);
    return found.map((request) => ({ request, position: positionOf(request, open) }));
  }
}

@QueryHandler(GetRequest)
export class GetRequestHandler implements IQueryHandler<GetRequest> {
  constructor(
    private readonly requests: WorkerRequests,
    private readonly records: RequestReadModel,
    private readonly queries: QueryBus,
  ) {}

  async execute({ viewer, requestId }: GetRequest): Promise<ShownRequest> {
    const request = (await this.requests.find(requestId))?.state;
    if (!request || !(await isShown(request, viewer, this.queries))) throw new RequestNotFound(requestId);
    const position = request.state === 'waiting' ? positionOf(request, await this.records.open()) : null;
    return { request, position };
  }
}

async function isShown(
  { userId, workerId }: WorkerRequestState,
  { actor, operates }: Viewer,
  queries: QueryBus,
): Promise<boolean> {
  if (userId === actor) return true;
  const within = await workersWithin(operates, queries);
  return within === 'all' || (workerId !== null && within.has(workerId));
}

/** Requests are served in the order in which they were made; one that was made just now stands at the end. */
function positionOf({ id, state }: WorkerRequestState, open: readonly WorkerRequestState[]): number | null {
  if (state !== 'waiting') return null;
  const waiting = open.filter((it) => it.state === 'waiting');
  const index = waiting.findIndex((it) => it.id === id);
  return index < 0 ? waiting.length + 1 : index + 1;
}
