import { type Writable } from 'node:stream';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EventStore, type LogPlace, LogTail, placeOf } from '../../event-store';
import { InvalidInput } from '../../kernel/domain-error';
import { EventStreams, type Seat, type StreamCaller, type StreamFate } from './event-streams';
import { type WithinReach } from './log-reader';
import { streamsOf } from './worker-streams';

export interface FollowRequest {
  readonly caller: StreamCaller;
  /** id of the event that was seen last; null begins at the log's end */
  readonly after: string | null;
  /** JSON pointer to where `after` was given */
  readonly pointer: string;
  readonly types?: readonly string[];
  readonly workerIds?: readonly string[];
  /** null: everything may be seen */
  readonly within: WithinReach | null;
  /** called once it is clear that the stream can begin; answers where its text goes */
  readonly open: (fate: () => StreamFate | null) => Writable;
}

/**
 * Begins a stream of events; it goes on after the answer.
 * @throws InvalidInput for an id that no event has, TooManyStreams, StoreUnavailable
 */
export class FollowEvents extends Query<void> {
  constructor(readonly request: FollowRequest) {
    super();
  }
}

@QueryHandler(FollowEvents)
export class FollowEventsHandler implements IQueryHandler<FollowEvents> {
  constructor(
    private readonly streams: EventStreams,
    private readonly tail: LogTail,
    private readonly store: EventStore,
  ) {}

  async execute({ request }: FollowEvents): Promise<void> {
    const seat = this.streams.reserve(request.caller);
    const start = await this.startOf(request, seat);
    const { types, workerIds, within, open } = request;
    const streams = workerIds ? streamsOf(workerIds) : null;
    let fate: (() => StreamFate) | null = null;
    const sink = open(() => fate?.() ?? null);
    fate = this.streams.begin(seat, { start, types, streams, within }, sink);
  }

  private async startOf({ after, pointer }: FollowRequest, seat: Seat): Promise<LogPlace> {
    try {
      return after === null ? { position: this.tail.end, index: null } : await this.existing(after, pointer);
    } catch (error) {
      seat.giveBack();
      throw error;
    }
  }

  /** The store is asked, since this process may not know yet what another one sent. */
  private async existing(after: string, pointer: string): Promise<LogPlace> {
    const place = placeOf(after);
    if (!place) {
      const message = 'not the id of an event: send the last id that you got, like 4711.0, or leave it out';
      throw new InvalidInput([{ pointer, message }]);
    }
    const { position, index } = place;
    if (position === 0 && index === null) return place;
    const [entry] = position === 0 ? [] : await this.store.readLog(position - 1, 1);
    if (entry?.position === position && (index ?? 0) < entry.commit.events.length) return place;
    const message =
      'no event has this id: send the last id that you got, or leave it out to begin at the end';
    throw new InvalidInput([{ pointer, message }]);
  }
}
