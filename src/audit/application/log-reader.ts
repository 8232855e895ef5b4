import { type EventStore, type LogEntry, type LogTail } from '../../event-store';

/** Entries that are read at once. */
const BATCH = 200;
/** Positions behind the log's end from which on a few streams are looked for by their index. */
const FAR = 2_000;

export interface LogBatch {
  readonly entries: readonly LogEntry[];
  /** the position that was looked at last */
  readonly scannedTo: number;
}

/** Reads the log in batches for somebody who may want some of the streams only. */
export class LogReader {
  constructor(
    private readonly tail: Pick<LogTail, 'read' | 'end'>,
    private readonly store: Pick<EventStore, 'readLog'>,
    /** null: all */
    private readonly streams: readonly string[] | null,
  ) {}

  /** What follows `after`, up to the known end of the log. @throws StoreUnavailable, CorruptStream */
  async read(after: number): Promise<LogBatch> {
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
