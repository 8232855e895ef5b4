import { type Connection, mongo } from 'mongoose';
import { type LogFilter } from '../ports';
import { type LogLine, LogTable } from '../tables';
import { storeCollection } from './collections';
import { LOG, type LogDocument, toLine } from './commit-document';
import { answered, isDuplicateKey } from './driver-errors';

/** The collection `es_log`. */
export class MongoLogTable extends LogTable {
  private readonly log: mongo.Collection<LogDocument>;

  constructor(connection: Connection) {
    super();
    this.log = storeCollection(connection, LOG);
  }

  async last(): Promise<LogLine | null> {
    const last = await answered(() => this.log.findOne({}, { sort: { _id: -1 } }));
    return last && toLine(last);
  }

  read(after: number, limit: number, filter: LogFilter): Promise<LogLine[]> {
    return this.find({ _id: { $gt: after } }, 1, limit, filter);
  }

  readBack(before: number, limit: number, filter: LogFilter): Promise<LogLine[]> {
    return this.find({ _id: { $lt: before } }, -1, limit, filter);
  }

  append(lines: readonly LogLine[]): Promise<number> {
    const documents = lines.map(({ position: _id, ...line }) => ({ _id, ...line }));
    return answered(async () => {
      try {
        return (await this.log.insertMany(documents, { ordered: true })).insertedCount;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return error instanceof mongo.MongoBulkWriteError ? error.insertedCount : 0;
      }
    });
  }

  async placedOf(commits: readonly string[]): Promise<string[]> {
    const placed = await answered(() => this.log.find({ commit: { $in: [...commits] } }).toArray());
    return placed.map(({ commit }) => commit);
  }

  private async find(
    range: mongo.Filter<LogDocument>,
    direction: 1 | -1,
    limit: number,
    { streams }: LogFilter,
  ): Promise<LogLine[]> {
    const query = { ...range, ...(streams && { stream: { $in: [...streams] } }) };
    const found = await answered(() => this.log.find(query).sort({ _id: direction }).limit(limit).toArray());
    return found.map(toLine);
  }
}
