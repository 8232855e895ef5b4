import { type AppendSignal } from './append-signal';
import { type LogTail } from './log-tail';
import { OneAtATime } from './one-at-a-time';
import { type EventStore } from './ports';
import { type ReportError } from './report-error';

/** Machine milliseconds. Finds what processes appended that died before they could place it, and what others placed. */
const INTERVAL = 500;

/** Keeps the log going: places commits right after this process appended them, and every 500 ms; then reads its end. */
export class LogSequencer {
  private readonly passes: OneAtATime<void>;
  private halt: (() => void) | null = null;

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
    const run = () => void this.passes.run();
    const timer = setInterval(run, INTERVAL).unref();
    const unlisten = this.appended.listen(run);
    this.halt = () => {
      clearInterval(timer);
      unlisten();
    };
  }

  /** Resolves when the pass that was running is over. */
  async stop(): Promise<void> {
    this.halt?.();
    this.halt = null;
    await this.passes.idle();
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
