import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { SseParser } from '../../admin-cli/sse-parser';
import { EventRegistry, LogTail, PublicEvents } from '../../event-store';
import { aRequest, BookMoved, BookPlaced, START } from '../../event-store/testing/books';
import { memoryStore } from '../../event-store/testing/memory-store';
import { ManualTimers } from '../../kernel/timers';
import { EventBlocks } from '../application/event-blocks';
import { type StreamWish } from '../application/event-stream';
import { EventStreams, type StreamCaller, type StreamFate } from '../application/event-streams';

/** A connection that takes what it is sent while it flows; nothing more than `room` bytes wait in it otherwise. */
export class Socket extends Writable {
  readonly parser = new SseParser();
  readonly ids: string[] = [];
  text = '';
  private flows = true;
  private waiting: (() => void)[] = [];

  constructor(room = 1_000) {
    super({ highWaterMark: room, decodeStrings: false });
  }

  stall(): void {
    this.flows = false;
  }

  flow(): void {
    this.flows = true;
    for (const take of this.waiting.splice(0)) take();
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    const take = () => {
      this.text += chunk;
      for (const { id } of this.parser.feed(chunk)) this.ids.push(id);
      done();
    };
    if (this.flows) take();
    else this.waiting.push(take);
  }
}

export const BOOK = (number: number) => `book-b${number}`;

/** A store, its log's end and the streams of a process; `cold`: what is appended first is not in its memory. */
export function bench({ perKey = 3, perProcess = 5, cold = false } = {}) {
  const { store, clock } = memoryStore();
  const registry = new EventRegistry();
  registry.register([BookMoved, BookPlaced]);
  const reported: string[] = [];
  const report = (_error: unknown, during: string) => void reported.push(during);
  const tail = new LogTail(store, report);
  const timers = new ManualTimers();
  const rendered = new PublicEvents(registry, { id: () => Promise.resolve('i') }, report);
  const shown = jest.spyOn(rendered, 'of');
  const blocks = new EventBlocks(rendered);
  const streams = new EventStreams({ tail, store, timers, blocks, report }, { perKey, perProcess });
  let commands = 0;
  /** Commits of two events each, one per stream of a book that is new. */
  const append = async (count: number) => {
    for (let made = 0; made < count; made += 1) {
      commands += 1;
      const id = `b${commands}`;
      const events = [
        new BookPlaced(id, { shelf: 'A', at: START, tags: {} }),
        new BookMoved(id, { to: 'x'.repeat(100) }),
      ];
      clock.advance(1);
      await store.append(aRequest({ stream: BOOK(commands), events, commandId: `c${commands}` }));
      if (commands % 200 === 0) await store.sequence();
    }
    await store.sequence();
    if (cold) await tail.open();
    else await tail.refresh();
    await settled();
  };
  const open = (socket: Socket, wish: Partial<StreamWish> = {}, caller = aCaller()): (() => StreamFate) =>
    streams.begin(
      streams.reserve(caller),
      { start: { position: 0, index: null }, types: undefined, streams: null, within: null, ...wish },
      socket,
    );
  return { store, clock, tail, timers, streams, append, open, reported, shown };
}

export function aCaller(keyId = 'k1', isStillValid = () => true): StreamCaller {
  return { actor: `api-key:${keyId}`, isStillValid };
}

/** Long enough for everything that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
}
