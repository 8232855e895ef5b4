import { type EventStore, type LogEntry, type LogTail } from '../../event-store';
import { workerOf } from './worker-streams';

/** Entries that are read at once. */
const BATCH = 200;
/** Positions behind the log's end from which on a few streams are looked for by their index. */
const FAR = 2_000;

export interface LogBatch {
  readonly entries: readonly LogEntry[];
  /** the position that was looked at last */
  readonly scannedTo: number;
}

/** Those of the workers that may be seen at this moment. @throws StoreUnavailable */
export type WithinReach = (workerIds: readonly string[]) => Promise<ReadonlySet<string>>;

/** What of the log somebody wants, and may see. */
export interface ReaderWish {
  /** null: all */
  readonly streams: readonly string[] | null;
  /** null: everything; else the histories of workers only, and of those that it answers */
  readonly within: WithinReach | null;
}

/** Reads the log in batches for somebody who may want, or see, some of the streams only. */
export class LogReader {
  private readonly streams: ReaderWish['streams'];

  constructor(
    private readonly tail: Pick<LogTail, 'read' | 'end'>,
    private readonly store: Pick<EventStore, 'readLog'>,
    private readonly wish: ReaderWish,
  ) {
    this.streams = wish.streams;
  }

  /** What follows `after`, up to the known end of the log. @throws StoreUnavailable, CorruptStream */
  async read(after: number): Promise<LogBatch> {
    const { entries, scannedTo } = await this.wanted(after);
    return { entries: await this.seen(entries), scannedTo };
  }

  /** What a worker is now decides, not what it was when the entry was made. */
  private async seen(entries: readonly LogEntry[]): Promise<readonly LogEntry[]> {
    const { within } = this.wish;
    if (!within || entries.length === 0) return entries;
    const ids = new Set(entries.map((entry) => workerOf(entry)).filter((id) => id !== null));
    const visible = await within([...ids]);
    return entries.filter((entry) => visible.has(workerOf(entry) ?? ''));
  }

  private async wanted(after: number): Promise<LogBatch> {
    const { end } = this.tail;
    if (this.streams && end - after > FAR) return this.readIndexed(this.streams, after, end);
    const entries = await this.tail.read(after, BATCH);
    const wanted = entries.filter(({ commit }) => this.streams?.includes(commit.stream) ?? true);
    return { entries: wanted, scannedTo: entries.at(-1)?.position ?? after };
  }

  private async readIndexed(streams: readonly string[], after: number, end: number): Promise<LogBatch> {
    const found = await this.store.readLog(after, BATCH, { streams });
    const entries = found.filter(({ position }) => position <= end);
    const last = entries.at(-1);
    return { entries, scannedTo: last && entries.length === BATCH ? last.position : end };
  }
}
