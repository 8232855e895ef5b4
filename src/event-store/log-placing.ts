import { type LogSeal } from './log-seal';
import { type CommitTable, type LogTable, type UnplacedCommit } from './tables';

const BATCH = 200;
/** Rounds without progress: each is lost to another process that made some. */
const IDLE_ROUNDS = 5;

/**
 * Gives commits their positions, in the one order in which everything is delivered. Any number of processes may do so at
 * the same time: a position and a commit each stand at most once in the log, a batch is inserted in order up to its
 * first failure, so n + 1 is only ever written by somebody who saw n. Hence no gaps, and a reader may take positions > n
 * and miss nothing; and each line's seal continues the one that stands before it.
 */
export class LogPlacing {
  constructor(
    private readonly commits: CommitTable,
    private readonly log: LogTable,
    private readonly seal: LogSeal,
  ) {}

  /**
   * Places what has no position yet, and answers how many it placed. After it, whatever was committed before stands in
   * the log, by whosever hand, but for a server that does not show writes at once.
   */
  async run(): Promise<number> {
    let placed = 0;
    for (let idle = 0; idle < IDLE_ROUNDS;) {
      const last = await this.log.last();
      const batch = await this.unplaced();
      if (batch.length === 0) return placed;
      placed += await this.log.append(this.seal.linesAfter(last, batch));
      // nothing to mark: others placed other commits there meanwhile, or their writes are not safe yet
      if ((await this.mark(batch)) === 0) idle += 1;
    }
    return placed;
  }

  /**
   * Commits to place, by time. A server that yields while it scans may show a commit and have passed the place of its
   * stream's one before, if both came in meanwhile. The second look has every predecessor of what the first one showed.
   */
  private async unplaced(): Promise<UnplacedCommit[]> {
    const shown = new Map<string, number>();
    for (const { stream, first } of await this.commits.unplaced(BATCH)) shown.set(stream, first);
    if (shown.size === 0) return [];
    const again = await this.commits.unplaced(BATCH);
    return again.filter(({ stream, first }) => first <= (shown.get(stream) ?? 0));
  }

  /** Marks those of the batch that are in the log, by whosever hand, and no others. Answers how many. */
  private async mark(batch: readonly UnplacedCommit[]): Promise<number> {
    const placed = await this.log.placedOf(batch.map(({ id }) => id));
    if (placed.length > 0) await this.commits.markPlaced(placed);
    return placed.length;
  }
}
