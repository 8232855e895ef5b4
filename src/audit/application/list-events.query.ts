import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type CloudEventFilter,
  type EventPage,
  EventStore,
  type LogEntry,
  type LogFilter,
  type LogPlace,
  PublicEvents,
  scanEvents,
  type ScanStep,
} from '../../event-store';
import { streamsOf, workerOf } from './worker-streams';

/** Above every position. */
const END: LogPlace = { position: Number.MAX_SAFE_INTEGER - 1, index: null };
const BEGINNING: LogPlace = { position: 0, index: null };

export interface EventsRequest {
  readonly filter: CloudEventFilter;
  readonly workerIds?: readonly string[];
  /** the workers whose histories the caller may see, and nothing else; null: everything */
  readonly within: ReadonlySet<string> | null;
  readonly order: 'asc' | 'desc';
  /** where the page before ended; null is the first page */
  readonly start: LogPlace | null;
  readonly limit: number;
}

type Wanted = LogFilter & Pick<EventsRequest, 'within'>;

/** Events of everything, in the order of the log or against it. */
export class ListEvents extends Query<EventPage<LogPlace>> {
  constructor(readonly request: EventsRequest) {
    super();
  }
}

@QueryHandler(ListEvents)
export class ListEventsHandler implements IQueryHandler<ListEvents> {
  constructor(
    private readonly store: EventStore,
    private readonly publicEvents: PublicEvents,
  ) {}

  execute({ request }: ListEvents): Promise<EventPage<LogPlace>> {
    const { filter, order, limit, within } = request;
    const workerIds = wantedWorkers(request);
    if (workerIds?.length === 0) return Promise.resolve({ events: [], next: null });
    const wanted: Wanted = { within, ...(workerIds && { streams: streamsOf(workerIds) }) };
    const start = request.start ?? (order === 'asc' ? BEGINNING : END);
    return scanEvents(start, { limit, filter }, (place, size) =>
      order === 'asc' ? this.forward(place, size, wanted) : this.back(place, size, wanted),
    );
  }

  private async forward(place: LogPlace, size: number, wanted: Wanted): Promise<ScanStep<LogPlace>> {
    const { position, index } = place;
    const entries = await this.store.readLog(index === null ? position : position - 1, size, wanted);
    const events = await this.eventsOf(entries, wanted);
    const last = entries.at(-1);
    return {
      events: events.filter((event) => isAfter(event.place, place)),
      commits: entries.length,
      next: last && entries.length === size ? { position: last.position, index: null } : null,
    };
  }

  /** Before a place: the place itself is not answered again, and index null stands behind all of its commit. */
  private async back(place: LogPlace, size: number, wanted: Wanted): Promise<ScanStep<LogPlace>> {
    const entries = await this.store.readLogBack(place.position + 1, size, wanted);
    const events = (await this.eventsOf(entries.toReversed(), wanted)).toReversed();
    const last = entries.at(-1);
    return {
      events: events.filter((event) => isAfter(place, event.place)),
      commits: entries.length,
      next: last && entries.length === size ? { position: last.position, index: 0 } : null,
    };
  }

  private async eventsOf(entries: readonly LogEntry[], { within }: Wanted) {
    const seen = within ? entries.filter((entry) => within.has(workerOf(entry) ?? '')) : entries;
    const shown = seen.map(async ({ position, commit }) => {
      const events = await this.publicEvents.of(commit);
      return events.map((event, index) => ({ event, place: { position, index } }));
    });
    return (await Promise.all(shown)).flat();
  }
}

/** Workers whose streams are looked for by their index; the log is looked through for more. */
const INDEXED_AT_MOST = 50;

/** Null: the log is looked through. */
function wantedWorkers({ workerIds, within }: EventsRequest): readonly string[] | null {
  const asked = workerIds?.map((id) => id.toLowerCase());
  if (!within) return asked ?? null;
  if (asked) return asked.filter((id) => within.has(id));
  return within.size <= INDEXED_AT_MOST ? [...within] : null;
}

/** Whether `a` stands later than `b`. */
function isAfter(a: LogPlace, b: LogPlace): boolean {
  if (a.position !== b.position) return a.position > b.position;
  return (a.index ?? Infinity) > (b.index ?? Infinity);
}
