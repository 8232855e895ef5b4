import { setImmediate } from 'node:timers/promises';
import {
  type CloudEventFilter,
  type EventStore,
  type LogPlace,
  type LogTail,
  passes,
  placeText,
  type ReportError,
} from '../../event-store';
import { SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type Timers } from '../../kernel/timers';
import { type EventBlocks } from './event-blocks';
import { LogReader, type ReaderWish } from './log-reader';
import { type Outlet } from './outlet';

/** Machine milliseconds. */
export const HEARTBEAT = 15 * SECOND;
const FIRST_PAUSE = SECOND;
const LONGEST_PAUSE = 30 * SECOND;
/** Milliseconds after which a client connects again that lost its connection. */
const RETRY = 3_000;

export interface EventStreamServices {
  readonly tail: LogTail;
  readonly store: Pick<EventStore, 'readLog'>;
  readonly blocks: EventBlocks;
  readonly timers: Timers;
  readonly report: ReportError;
}

export interface StreamWish extends ReaderWish {
  /** what was seen already */
  readonly start: LogPlace;
  readonly types: CloudEventFilter['types'];
}

/**
 * The log as one client gets it, from its own position on. The stream keeps no events: it reads what the client has
 * room for, so that a slow client costs nobody else anything.
 */
export class EventStream {
  /** events that were sent */
  sent = 0;
  private place: LogPlace;
  private failures = 0;
  private readonly log: LogReader;
  /** ends the wait for more in the log, for the store, or for the end */
  private rouse: () => void = () => {};

  constructor(
    private readonly services: EventStreamServices,
    private readonly wish: StreamWish,
    private readonly outlet: Outlet,
  ) {
    this.place = wish.start;
    outlet.onEnd = () => this.rouse();
    this.log = new LogReader(services.tail, services.store, wish);
  }

  /** What the client has seen, or would not have seen anyway. */
  get seen(): LogPlace {
    return this.place;
  }

  /** Resolves when the stream is over; never rejects. */
  async run(): Promise<void> {
    const { tail, timers } = this.services;
    const ends = [tail.listen(() => this.rouse()), timers.every(HEARTBEAT, () => this.beat())];
    await this.outlet.write(`retry: ${RETRY}\nid: ${placeText(this.place)}\n\n`);
    while (this.outlet.endedBy === null) await this.turn();
    for (const end of ends) end();
  }

  private async turn(): Promise<void> {
    try {
      await this.step();
      this.failures = 0;
      // others get their turn during a long catch-up from memory
      await setImmediate();
      await this.more();
    } catch (error) {
      await this.failed(error);
    }
  }

  private async step(): Promise<void> {
    const { position, index } = this.place;
    const { entries, scannedTo } = await this.log.read(this.readTo);
    for (const entry of entries) {
      const isFirst = index !== null && entry.position === position;
      const blocks = (await this.services.blocks.of(entry)).filter(
        (block) => !(isFirst && block.index <= index) && passes(block.event, { types: this.wish.types }),
      );
      const text = blocks.map((block) => block.text).join('');
      if (text !== '' && !(await this.outlet.write(text))) return;
      this.sent += blocks.length;
      this.place = { position: entry.position, index: null };
    }
    if (scannedTo >= position) this.place = { position: scannedTo, index: null };
  }

  /** Resolves when there may be more in the log, or the stream is over. */
  private async more(): Promise<void> {
    if (this.services.tail.end <= this.readTo) await this.roused();
  }

  /** Position of the last commit that was sent, or passed over, whole. */
  private get readTo(): number {
    const { position, index } = this.place;
    return index === null ? position : position - 1;
  }

  private async failed(error: unknown): Promise<void> {
    const { report, timers } = this.services;
    if (!(error instanceof StoreUnavailable)) {
      report(error, `go on with an event stream after ${placeText(this.place)}`);
      this.outlet.finish('failed');
      return;
    }
    const pause = Math.min(FIRST_PAUSE * 2 ** this.failures, LONGEST_PAUSE);
    this.failures += 1;
    const cancel = timers.after(pause, () => this.rouse());
    await this.roused();
    cancel();
  }

  private roused(): Promise<void> {
    if (this.outlet.endedBy !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.rouse = resolve;
    });
  }

  /** Tells the client that it is still connected, and how far it need not look again. */
  private beat(): void {
    this.outlet.offer(`: still here\nid: ${placeText(this.place)}\n\n`);
  }
}
