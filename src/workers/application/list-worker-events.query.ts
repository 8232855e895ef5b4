import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type CloudEventFilter,
  type Commit,
  CorruptStream,
  type EventPage,
  EventStore,
  PublicEvents,
  scanEvents,
  streamOf,
} from '../../event-store';
import { InvalidInput } from '../../kernel/domain-error';
import { FLEET, type Reach } from '../../kernel/reach';
import { WorkerRepository } from '../domain/ports';
import { WorkerNotFound } from '../domain/worker-errors';

/** A place in a worker's history: behind `skip` events of the commit that follows version `after`. */
export interface HistoryPlace {
  readonly after: number;
  readonly skip: number;
}

export interface WorkerEventsRequest {
  readonly filter: Pick<CloudEventFilter, 'types' | 'from' | 'to'>;
  /** null is the beginning */
  readonly start: HistoryPlace | null;
  readonly limit: number;
}

/**
 * A worker's history, oldest first, terminated workers' as well, and released ones' for whoever has the whole fleet.
 * @throws WorkerNotFound, InvalidInput for a place that is none in this history
 */
export class ListWorkerEvents extends Query<EventPage<HistoryPlace>> {
  constructor(
    readonly workerId: string,
    readonly request: WorkerEventsRequest,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(ListWorkerEvents)
export class ListWorkerEventsHandler implements IQueryHandler<ListWorkerEvents> {
  constructor(
    private readonly store: EventStore,
    private readonly publicEvents: PublicEvents,
    private readonly workers: WorkerRepository,
  ) {}

  async execute({ workerId, request, reach }: ListWorkerEvents): Promise<EventPage<HistoryPlace>> {
    const stream = streamOf('worker', workerId);
    const isWithin = reach === FLEET || (await this.workers.getById(workerId, reach)) !== null;
    if (!isWithin) throw new WorkerNotFound(workerId);
    if ((await this.store.load(stream, { limit: 1 })).length === 0) throw new WorkerNotFound(workerId);
    const { filter, start, limit } = request;
    return scanEvents(start ?? { after: 0, skip: 0 }, { limit, filter }, async ({ after, skip }, size) => {
      const commits = await this.load(stream, { afterVersion: after, until: filter.to ?? null, limit: size });
      const shown = await Promise.all(commits.map((commit) => this.placed(commit)));
      const last = commits.at(-1);
      return {
        events: shown.flat().slice(skip),
        commits: commits.length,
        next: last && commits.length === size ? { after: last.last, skip: 0 } : null,
      };
    });
  }

  private async placed(commit: Commit) {
    const events = await this.publicEvents.of(commit);
    return events.map((event, index) => ({ event, place: { after: commit.first - 1, skip: index + 1 } }));
  }

  /** Where the stream is whole, a gap after `afterVersion` means that no commit ends there: nobody was given that place. */
  private async load(
    stream: string,
    range: { readonly afterVersion: number; readonly until: Date | null; readonly limit: number },
  ): Promise<Commit[]> {
    try {
      return await this.store.load(stream, range);
    } catch (error) {
      if (!(error instanceof CorruptStream) || range.afterVersion === 0) throw error;
      await this.store.load(stream);
      const message = 'not a cursor of this history: take nextCursor of the page before, or leave it out';
      throw new InvalidInput([{ pointer: '/query/cursor', message }]);
    }
  }
}
