import { MINUTE } from '../../../kernel/clocks';

/** A simulated stop, in milliseconds since 1970. */
export interface Take {
  readonly workerId: string;
  readonly at: number;
}

/**
 * What a budget counts of its workers, kept up instead of counted each time: its stops of the latest window, how many
 * workers run, and how many do not that were stopped within it. Times never go back.
 */
export class ScopeTally {
  /** stops since the beginning */
  total = 0;
  private readonly takes: Take[] = [];
  /** place of the oldest within the window */
  private oldest = 0;
  private running = 0;
  /** stops within the window, by worker */
  private readonly stopped = new Map<string, number>();
  /** workers among these that do not run */
  private down = 0;
  private readonly windowMs: number;

  constructor(
    windowMinutes: number,
    private readonly runs: (workerId: string) => boolean,
  ) {
    this.windowMs = windowMinutes * MINUTE;
  }

  /** One of its workers begins to run, or ends to. */
  turned(workerId: string, runs: boolean): void {
    this.running += runs ? 1 : -1;
    if (this.stopped.has(workerId)) this.down += runs ? -1 : 1;
  }

  take(take: Take): void {
    const { workerId } = take;
    const before = this.stopped.get(workerId) ?? 0;
    if (before === 0 && !this.runs(workerId)) this.down += 1;
    this.stopped.set(workerId, before + 1);
    this.takes.push(take);
    this.total += 1;
  }

  /** Forgets what has left the window by then. */
  advance(now: number): void {
    const after = now - this.windowMs;
    for (let take = this.takes[this.oldest]; take && take.at <= after; take = this.takes[this.oldest]) {
      this.oldest += 1;
      this.forget(take.workerId);
    }
  }

  /** Stops within the window, without the first so many since the beginning. */
  usedAfter(place: number): number {
    return this.total - Math.max(this.oldest, place);
  }

  /** Workers that run, and those that were stopped within the window. */
  get ran(): number {
    return this.running + this.down;
  }

  /** When the oldest stop leaves the window. Milliseconds since 1970. */
  get freesAt(): number {
    const oldest = this.takes[this.oldest];
    return oldest ? oldest.at + this.windowMs : Infinity;
  }

  private forget(workerId: string): void {
    const left = (this.stopped.get(workerId) ?? 0) - 1;
    if (left > 0) {
      this.stopped.set(workerId, left);
      return;
    }
    this.stopped.delete(workerId);
    if (!this.runs(workerId)) this.down -= 1;
  }
}
