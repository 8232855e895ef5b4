import { type Writable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { placeText } from '../../event-store';
import { SECOND } from '../../kernel/clocks';
import { EventStream, type EventStreamServices, type StreamWish } from './event-stream';
import { Outlet, type StreamEnd } from './outlet';
import { TooManyStreams } from './stream-errors';

/** Machine milliseconds between two looks at whether the keys are still valid. */
const LOOK_EVERY = SECOND;

/** Who a stream is for. */
export interface StreamCaller {
  readonly actor: string;
  /** whether the key is still neither revoked nor expired */
  readonly isStillValid: () => boolean;
}

export interface StreamLimits {
  readonly perKey: number;
  readonly perProcess: number;
}

/** A place for one more stream; it is taken until it is given back. */
export interface Seat {
  readonly caller: StreamCaller;
  readonly giveBack: () => void;
}

/** What became of a stream so far. */
export interface StreamFate {
  readonly events: number;
  /** null while it is open */
  readonly endedBy: StreamEnd | null;
}

interface OpenStream {
  readonly caller: StreamCaller;
  readonly outlet: Outlet;
  readonly over: Promise<unknown>;
}

/** All event streams of this process. */
export class EventStreams {
  private readonly logger = new Logger('EventStreams');
  private readonly seats = new Set<Seat>();
  private readonly open = new Set<OpenStream>();
  private stopLooking: (() => void) | null = null;
  private closing = false;

  constructor(
    private readonly services: EventStreamServices,
    private readonly limits: StreamLimits,
  ) {}

  /** @throws TooManyStreams */
  reserve(caller: StreamCaller): Seat {
    const { perKey, perProcess } = this.limits;
    const ofKey = [...this.seats].filter((seat) => seat.caller.actor === caller.actor);
    if (ofKey.length >= perKey) throw new TooManyStreams(perKey, 'This key');
    if (this.seats.size >= perProcess) throw new TooManyStreams(perProcess, 'This process');
    const seat = { caller, giveBack: () => void this.seats.delete(seat) };
    this.seats.add(seat);
    return seat;
  }

  /** Sends events to the sink until either side ends it; the seat is given back then. */
  begin({ caller, giveBack }: Seat, wish: StreamWish, sink: Writable): () => StreamFate {
    const { timers } = this.services;
    const outlet = new Outlet(sink, timers);
    const stream = new EventStream(this.services, wish, outlet);
    const over = Promise.all([stream.run(), outlet.closed]).then(() => {
      this.open.delete(opened);
      giveBack();
      if (outlet.endedBy !== 'slow-client') return;
      const { actor } = caller;
      this.logger.warn(
        { actor, after: placeText(stream.seen) },
        'a client took none of its events for 30 s: its stream was cut',
      );
    });
    const opened = { caller, outlet, over };
    this.open.add(opened);
    this.stopLooking ??= timers.every(LOOK_EVERY, () => this.endRevoked());
    if (this.closing) outlet.finish('shutdown');
    return () => ({ events: stream.sent, endedBy: outlet.endedBy });
  }

  /** Ends the streams whose keys were revoked or have expired. */
  endRevoked(): void {
    for (const { caller, outlet } of this.open) if (!caller.isStillValid()) outlet.finish('key');
  }

  /** Ends all streams, and those that begin from now on. Resolves when their connections are gone, a second later at most. */
  async close(): Promise<void> {
    this.closing = true;
    for (const { outlet } of this.open) outlet.finish('shutdown');
    await Promise.all([...this.open].map(({ over }) => over));
    this.stopLooking?.();
    this.stopLooking = null;
  }
}
