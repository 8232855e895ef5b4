import { OneAtATime } from './one-at-a-time';
import { type EventStore, type LogEntry } from './ports';
import { type ReportError } from './report-error';

const BATCH = 500;
/** Entries that are kept for those who follow the end of the log closely. */
const KEPT = 2_000;

/**
 * The end of the log as this process knows it: one reader for all who follow the log here. They read from their own
 * positions, the newest entries from memory, older ones from the store.
 */
export class LogTail {
  /** contiguous, the last one at `end` */
  private recent: LogEntry[] = [];
  private known = 0;
  private readonly passes: OneAtATime<void>;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: Pick<EventStore, 'readLog' | 'logEnd'>,
    private readonly report: ReportError,
  ) {
    this.passes = new OneAtATime(() => this.pass());
  }

  /** The highest position that is known of. */
  get end(): number {
    return this.known;
  }

  /** Begins at the present end, or goes on to it. @throws StoreUnavailable the first time */
  async open(): Promise<void> {
    if (this.known > 0) return this.refresh();
    const end = await this.store.logEnd();
    if (this.known === 0) this.known = end;
  }

  /** Takes in what was placed before the call. Errors are reported; the next call goes on. */
  refresh(): Promise<void> {
    return this.passes.run();
  }

  /** Resolves when no reading is under way. */
  idle(): Promise<void> {
    return this.passes.idle();
  }

  /** Calls the listener whenever the log has grown; answers the function that ends it. It must not throw. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Entries with position > `after`, up to the known end. @throws StoreUnavailable, CorruptStream */
  async read(after: number, limit: number): Promise<readonly LogEntry[]> {
    if (after >= this.known) return [];
    const oldest = this.recent[0]?.position ?? this.known + 1;
    if (after + 1 < oldest) return this.store.readLog(after, limit);
    return this.recent.slice(after + 1 - oldest, after + 1 - oldest + limit);
  }

  private async pass(): Promise<void> {
    try {
      for (;;) {
        const entries = await this.store.readLog(this.known, BATCH);
        const last = entries.at(-1);
        if (!last) return;
        this.recent = [...this.recent, ...entries].slice(-KEPT);
        this.known = last.position;
        for (const listener of this.listeners) listener();
        if (entries.length < BATCH) return;
      }
    } catch (error) {
      this.report(error, 'read the end of the log');
    }
  }
}
