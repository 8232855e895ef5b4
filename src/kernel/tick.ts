import { type MachineClock } from './clocks';

export interface TickState {
  readonly name: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly running: boolean;
  /** machine milliseconds between two turns; null while nothing but calls runs it */
  readonly intervalMs: number | null;
}

/**
 * Something that is done again and again, never twice at once. A failure is reported, and the next turn comes all the
 * same. Times are machine time.
 */
export class Tick {
  private current: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private startedAt: Date | null = null;
  private finishedAt: Date | null = null;
  private intervalMs: number | null = null;

  constructor(
    readonly name: string,
    private readonly work: () => Promise<void>,
    private readonly clock: MachineClock,
    private readonly report: (name: string, error: unknown) => void,
  ) {}

  /** Does it once; while a turn is under way, answers that one. Never rejects. */
  run(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.current ??= this.turn().finally(() => (this.current = null));
    return this.current;
  }

  /** Runs now, and again each time the interval has passed since the last turn's end. */
  every(intervalMs: number): void {
    this.expectEvery(intervalMs);
    void this.run().then(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.every(intervalMs), intervalMs);
    });
  }

  /** Tells how often somebody else's timer runs it, so that a turn that does not come can be seen. */
  expectEvery(intervalMs: number): void {
    this.intervalMs = intervalMs;
  }

  /** No turn begins any more; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.current;
  }

  get state(): TickState {
    const { name, startedAt, finishedAt, intervalMs } = this;
    return { name, startedAt, finishedAt, intervalMs, running: this.current !== null };
  }

  private async turn(): Promise<void> {
    this.startedAt = this.clock.now();
    try {
      await this.work();
    } catch (error) {
      this.report(this.name, error);
    } finally {
      this.finishedAt = this.clock.now();
    }
  }
}
