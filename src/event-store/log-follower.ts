import { StoreUnavailable } from '../kernel/domain-error';
import { OneAtATime } from './one-at-a-time';
import { type EventStore, type LogEntry } from './ports';
import { type ReportError } from './report-error';

export interface LogFollowerOptions {
  /** completes "failed to …" when the handler throws, e.g. `update the worker list` */
  readonly purpose: string;
  /** the position of the last entry that needs no handling: 0 reads everything */
  readonly after: number;
  /** gets each entry once, in order; again after it threw */
  readonly handle: (entry: LogEntry) => Promise<void> | void;
  readonly report: ReportError;
  readonly batchSize?: number;
}

/** Reads the log to its end whenever asked, and hands over each entry. The position lives as long as the process. */
export class LogFollower {
  private reached: number;
  private readonly passes: OneAtATime<number>;

  constructor(
    private readonly store: EventStore,
    private readonly options: LogFollowerOptions,
  ) {
    this.reached = options.after;
    this.passes = new OneAtATime(() => this.pass());
  }

  /** Position of the last entry that was handled. */
  get position(): number {
    return this.reached;
  }

  /**
   * Handles everything that was placed in the log before the call, and answers how many entries the pass handled. An
   * error, of the store or the handler, is reported and ends the pass; the next one takes up at the same entry.
   */
  catchUp(): Promise<number> {
    return this.passes.run();
  }

  /**
   * Handles all there is, those commits too that a crash left out of the log: for a start, before which nothing may be
   * decided from what is followed. @throws StoreUnavailable when that did not come about
   */
  async readAll(): Promise<void> {
    await this.store.sequence();
    const end = await this.store.logEnd();
    await this.catchUp();
    if (this.reached < end) throw new StoreUnavailable(`could not ${this.options.purpose}`);
  }

  private async pass(): Promise<number> {
    const { handle, report, purpose, batchSize = 200 } = this.options;
    const start = this.reached;
    try {
      for (;;) {
        const entries = await this.store.readLog(this.reached, batchSize);
        for (const entry of entries) {
          await handle(entry);
          this.reached = entry.position;
        }
        if (entries.length < batchSize) break;
      }
    } catch (error) {
      report(error, purpose);
    }
    return this.reached - start;
  }
}
