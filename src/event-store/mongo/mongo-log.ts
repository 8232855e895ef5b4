import { type Connection, mongo } from 'mongoose';
import { type LogEntry } from '../ports';
import { CorruptStream } from '../store-errors';
import { storeCollection } from './collections';
import { type CommitDocument, COMMITS, LOG, type LogDocument, toCommit } from './commit-document';
import { isDuplicateKey } from './driver-errors';

const BATCH = 200;

type Unplaced = Pick<CommitDocument, '_id' | 'stream' | 'first'>;

/**
 * The one order over all commits. Any number of processes may place commits at the same time: a position and a commit
 * each stand at most once in the log (unique indexes), a batch is inserted in order up to its first failure, so n + 1
 * is only ever written by somebody who saw n. Hence no gaps, and readers may take `_id > n` and miss nothing.
 */
export class MongoLog {
  private readonly commits: mongo.Collection<CommitDocument>;
  private readonly log: mongo.Collection<LogDocument>;

  constructor(connection: Connection) {
    this.commits = storeCollection(connection, COMMITS);
    this.log = storeCollection(connection, LOG);
  }

  async read(after: number, limit: number): Promise<LogEntry[]> {
    const entries = await this.log
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    const ids = entries.map(({ commit }) => commit);
    const commits = await this.commits.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(commits.map((commit) => [commit._id, toCommit(commit)]));
    return entries.map(({ _id: position, commit: id }) => {
      const commit = byId.get(id);
      if (!commit) throw new CorruptStream(`${id}, at ${position} of the log, is gone`);
      return { position, commit };
    });
  }

  async end(): Promise<number> {
    const last = await this.log.findOne({}, { sort: { _id: -1 } });
    return last?._id ?? 0;
  }

  async sequence(): Promise<number> {
    let placed = 0;
    for (;;) {
      const top = await this.end();
      const batch = await this.unplaced();
      if (batch.length === 0) return placed;
      placed += await this.place(top, batch);
      // nothing to flag: another process is in the middle of it, or its writes are not safe yet
      if ((await this.flag(batch)) === 0) return placed;
    }
  }

  /**
   * Commits to place, by time. A server that yields while it scans may show a commit and have passed the place of its
   * stream's one before, if both came in meanwhile. The second look has every predecessor of what the first one showed.
   */
  private async unplaced(): Promise<Unplaced[]> {
    const shown = new Map<string, number>();
    for (const { stream, first } of await this.scan()) shown.set(stream, first);
    if (shown.size === 0) return [];
    return (await this.scan()).filter(({ stream, first }) => first <= (shown.get(stream) ?? 0));
  }

  private scan(): Promise<Unplaced[]> {
    return this.commits
      .find({ sequenced: false })
      .sort({ at: 1, _id: 1 })
      .limit(BATCH)
      .project<Unplaced>({ stream: 1, first: 1 })
      .toArray();
  }

  private async place(top: number, batch: readonly Unplaced[]): Promise<number> {
    const entries = batch.map(({ _id: commit, stream }, index) => ({ _id: top + 1 + index, commit, stream }));
    try {
      return (await this.log.insertMany(entries, { ordered: true })).insertedCount;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return error instanceof mongo.MongoBulkWriteError ? error.insertedCount : 0;
    }
  }

  /** Marks those of the batch that are in the log, by whosever hand. Answers how many. */
  private async flag(batch: readonly Unplaced[]): Promise<number> {
    const placed = await this.log.find({ commit: { $in: batch.map(({ _id }) => _id) } }).toArray();
    const ids = placed.map(({ commit }) => commit);
    if (ids.length > 0) await this.commits.updateMany({ _id: { $in: ids } }, { $set: { sequenced: true } });
    return ids.length;
  }
}
