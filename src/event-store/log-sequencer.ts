import { type AppendSignal } from './append-signal';
import { type LogTail } from './log-tail';
import { OneAtATime } from './one-at-a-time';
import { type EventStore } from './ports';
import { type ReportError } from './report-error';

/** Machine milliseconds. Finds what processes appended that died before they could place it, and what others placed. */
const INTERVAL = 500;
/**
 * Machine milliseconds from an append to the pass that places it: commits that come together are placed together, and
 * a command's own last steps do not wait for the database's work on the log, which nobody reads more often than this.
 */
const DELAY = 50;

/** Keeps the log going: places commits soon after this process appended them, and every 500 ms; then reads its end. */
export class LogSequencer {
  private readonly passes: OneAtATime<void>;
  private halt: (() => void) | null = null;
  private due: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly appended: AppendSignal,
    private readonly tail: LogTail,
    private readonly report: ReportError,
  ) {
    this.passes = new OneAtATime(() => this.pass());
  }

  start(): void {
    if (this.halt) return;
    const timer = setInterval(() => this.run(), INTERVAL).unref();
    const unlisten = this.appended.listen(() => {
      this.due ??= setTimeout(() => this.run(), DELAY).unref();
    });
    this.halt = () => {
      clearInterval(timer);
      unlisten();
    };
  }

  /** Resolves when what this process appended is placed, or could not be. */
  async stop(): Promise<void> {
    this.halt?.();
    this.halt = null;
    if (this.due) this.run();
    await this.passes.idle();
  }

  private run(): void {
    if (this.due) clearTimeout(this.due);
    this.due = null;
    void this.passes.run();
  }

  private async pass(): Promise<void> {
    try {
      await this.store.sequence();
    } catch (error) {
      this.report(error, 'place commits in the log');
    }
    await this.tail.refresh();
  }
}
