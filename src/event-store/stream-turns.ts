import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Lets the commands of one process on a stream go one after the other, so that none of them decides on a state that
 * another is about to change: the optimistic check of the store is left to tell processes apart. Streams do not wait for
 * each other. Work must not ask for a turn of its own stream, for that would wait for itself.
 */
export class StreamTurns {
  /** those with work only */
  private readonly turns = new Map<string, LimitFunction>();

  /** In the order of the calls, whatever became of those before. Answers, or throws, what the work does. */
  async run<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = this.turns.get(stream) ?? pLimit(1);
    this.turns.set(stream, turn);
    try {
      return await turn(work);
    } finally {
      if (turn.activeCount + turn.pendingCount === 0) this.turns.delete(stream);
    }
  }

  /** streams that somebody has a turn of, or waits for one */
  get size(): number {
    return this.turns.size;
  }
}
