import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type CloudEvent } from 'cloudevents';
import { EventDecoder, EventStore, Installation, streamOf, toCloudEvent } from '../../event-store';
import { WorkerNotFound } from '../domain/worker-errors';

export interface WorkerEventFilter {
  /** fleet time, both ends included */
  readonly from?: Date;
  readonly to?: Date;
  /** stored types, `worker.status-updated`; none means all */
  readonly types?: readonly string[];
  readonly afterVersion: number;
  readonly limit: number;
}

/** A worker's history, oldest first, released and terminated workers' as well. @throws WorkerNotFound */
export class ListWorkerEvents extends Query<CloudEvent<object>[]> {
  constructor(
    readonly workerId: string,
    readonly filter: WorkerEventFilter,
  ) {
    super();
  }
}

@QueryHandler(ListWorkerEvents)
export class ListWorkerEventsHandler implements IQueryHandler<ListWorkerEvents> {
  constructor(
    private readonly store: EventStore,
    private readonly decoder: EventDecoder,
    private readonly installation: Installation,
  ) {}

  async execute({ workerId, filter }: ListWorkerEvents): Promise<CloudEvent<object>[]> {
    const { from, to, types, afterVersion, limit } = filter;
    const stream = streamOf('worker', workerId);
    const commits = await this.store.load(stream, { afterVersion: 0, until: to });
    if (commits.length === 0 && (await this.store.load(stream)).length === 0)
      throw new WorkerNotFound(workerId);
    const installation = await this.installation.id();
    return commits
      .filter((commit) => commit.last > afterVersion && (!from || commit.at >= from))
      .flatMap((commit) => this.decoder.decode(commit))
      .filter(
        (event) => (event.record?.version ?? 0) > afterVersion && (!types || types.includes(event.type)),
      )
      .slice(0, limit)
      .map((event) => toCloudEvent(event, installation));
  }
}
