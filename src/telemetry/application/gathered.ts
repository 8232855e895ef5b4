import { StoreUnavailable } from '../../kernel/domain-error';

interface Piece<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins what is asked for piece by piece to work for many: one round is under way at a time, and what comes meanwhile is
 * the next one. So a single piece waits for nothing, and under load a round gets as large as it pays.
 */
export class Gathered<T, R> {
  private waiting: Piece<T, R>[] = [];
  private busy = false;

  /**
   * @param work answers one result for each item, in their order
   * @param most items in one round
   */
  constructor(
    private readonly work: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly most: number,
  ) {}

  /** @throws what the work throws for this item */
  submit(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      void this.rounds();
    });
  }

  private async rounds(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length > 0) await this.round(this.waiting.splice(0, this.most));
    this.busy = false;
  }

  /** Never rejects. */
  private async round(pieces: readonly Piece<T, R>[]): Promise<void> {
    try {
      const results = await this.work(pieces.map(({ item }) => item));
      pieces.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      if (pieces.length > 1 && !(error instanceof StoreUnavailable)) {
        // one of them may be at fault, and must not take the others with it
        for (const piece of pieces) await this.round([piece]);
      } else for (const { reject } of pieces) reject(error);
    }
  }
}
