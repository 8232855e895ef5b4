import { OneAtATime } from './one-at-a-time';

/**
 * Work that is claimed piece by piece and carried out a few pieces side by side. Every process does so: each piece is one
 * process' at a time by its claim.
 */
export abstract class SideBySide<T> {
  private readonly passes = new OneAtATime(() => this.pass());
  private readonly pieces = new Map<Promise<void>, T>();
  private begun = 0;
  private state: 'idle' | 'started' | 'stopping' = 'idle';

  /** @param atOnce how many pieces at most; Infinity where `claim` knows what there is room for */
  constructor(private readonly atOnce: number) {}

  /** From now on a nudge has an effect. */
  start(): void {
    this.state = 'started';
  }

  /** There may be something to do. */
  nudge(): void {
    if (this.state === 'started') void this.run();
  }

  /** Begins with what waits, as far as there is room. Never rejects. */
  run(): Promise<void> {
    return this.passes.run();
  }

  /** Resolves when nothing waits and nothing is under way any more: for tests and tools. */
  async drain(): Promise<void> {
    for (;;) {
      const [begunBefore, hadAllRoom] = [this.begun, this.pieces.size === 0];
      await this.run();
      // where something was under way, what waits may not have had room
      if (hadAllRoom && this.begun === begunBefore) return;
      await this.settled();
    }
  }

  /** The next piece, claimed; null when nothing waits. What it throws is reported, and ends the pass. */
  protected abstract claim(): Promise<T | null>;

  /** Never rejects. */
  protected abstract carryOut(piece: T): Promise<void>;

  /** Tells of a claim that failed. */
  protected abstract reportClaim(error: unknown): void;

  protected get underWay(): readonly T[] {
    return [...this.pieces.values()];
  }

  /** Resolves when what is under way now has ended. */
  protected async settled(): Promise<void> {
    await Promise.all(this.pieces.keys());
  }

  /** Begins nothing any more; resolves when nothing is being begun. */
  protected async halt(): Promise<void> {
    this.state = 'stopping';
    await this.passes.idle();
  }

  private async pass(): Promise<void> {
    try {
      while (this.state !== 'stopping' && this.pieces.size < this.atOnce) {
        const piece = await this.claim();
        if (piece === null) return;
        this.begin(piece);
      }
    } catch (error) {
      this.reportClaim(error);
    }
  }

  private begin(piece: T): void {
    this.begun += 1;
    const work = this.carryOut(piece).finally(() => {
      this.pieces.delete(work);
      // there is room again
      this.nudge();
    });
    this.pieces.set(work, piece);
  }
}
