import pLimit, { type LimitFunction } from 'p-limit';
import { SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { SystemTimers, type Timers } from '../kernel/timers';

/** Machine milliseconds. Longer than any queue of a database that answers, and shorter than clients wait. */
export const LONGEST_WAIT_MS = 30 * SECOND;

/**
 * Lets the commands of one process on a stream go one after the other, so that none of them decides on a state that
 * another is about to change: the optimistic check of the store is left to tell processes apart. Streams do not wait for
 * each other. Work must not ask for a turn of its own stream, for that would wait for itself.
 */
export class StreamTurns {
  /** those with work only */
  private readonly turns = new Map<string, LimitFunction>();

  constructor(private readonly timers: Timers = new SystemTimers()) {}

  /**
   * In the order of the calls, whatever became of those before. Answers, or throws, what the work does.
   * @throws StoreUnavailable after LONGEST_WAIT_MS without a turn: the work is not begun any more
   */
  run<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = this.turns.get(stream) ?? pLimit(1);
    this.turns.set(stream, turn);
    return new Promise<T>((resolve, reject) => {
      const late = () => new StoreUnavailable(`commands on ${stream} wait for the database`);
      let isLate = false;
      const callOff = this.timers.after(LONGEST_WAIT_MS, () => {
        isLate = true;
        reject(late());
      });
      const begin = () => {
        callOff();
        return isLate ? Promise.reject(late()) : work();
      };
      turn(begin)
        .finally(() => {
          if (turn.activeCount + turn.pendingCount === 0) this.turns.delete(stream);
        })
        .then(resolve, reject);
    });
  }

  /** streams that somebody has a turn of, or waits for one */
  get size(): number {
    return this.turns.size;
  }
}
