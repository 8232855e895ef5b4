import { type MachineClock } from './clocks';

export interface TickState {
  readonly name: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly running: boolean;
  /** machine milliseconds between two turns; null while nothing but calls runs it */
  readonly intervalMs: number | null;
}

/** A turn that has ended. */
export interface TurnNote {
  readonly name: string;
  /** when it began; machine time */
  readonly startedAt: Date;
  /** machine milliseconds */
  readonly durationMs: number;
  readonly failed: boolean;
}

export type TurnWrapper = <T>(name: string, turn: () => Promise<T>) => Promise<T>;

/** Must not throw. */
export type TurnListener = (note: TurnNote) => void;

/** What is seen of a tick from outside. */
export interface WatchedTick {
  readonly name: string;
  readonly state: TickState;
  /** machine milliseconds for which its next turn is due and does not come; null while nothing but calls runs it */
  readonly lagMs: number | null;
  /** Hears of each turn of this process when it has ended. */
  onTurn(listener: TurnListener): void;
  /** Does each turn of this process from now on in something else, which must do it once and pass on what it throws. */
  doWithin(around: TurnWrapper): void;
}

/**
 * Something that is done again and again, never twice at once. A failure is reported, and the next turn comes all the
 * same. Times are machine time.
 */
export class Tick implements WatchedTick {
  private current: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private startedAt: Date | null = null;
  private finishedAt: Date | null = null;
  private intervalMs: number | null = null;
  private readonly listeners: TurnListener[] = [];
  private around: TurnWrapper = (_, turn) => turn();

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

  get lagMs(): number | null {
    if (this.intervalMs === null) return null;
    if (this.current || !this.finishedAt) return 0;
    return Math.max(0, this.clock.now().getTime() - this.finishedAt.getTime() - this.intervalMs);
  }

  onTurn(listener: TurnListener): void {
    this.listeners.push(listener);
  }

  doWithin(around: TurnWrapper): void {
    this.around = around;
  }

  private async turn(): Promise<void> {
    const startedAt = this.clock.now();
    this.startedAt = startedAt;
    let failed = false;
    try {
      await this.around(this.name, this.work);
    } catch (error) {
      failed = true;
      this.report(this.name, error);
    } finally {
      const finishedAt = this.clock.now();
      this.finishedAt = finishedAt;
      const durationMs = finishedAt.getTime() - startedAt.getTime();
      for (const listener of this.listeners) listener({ name: this.name, startedAt, durationMs, failed });
    }
  }
}
