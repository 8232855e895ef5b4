import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, storeCollection } from '../event-store';

export const MIGRATION_RECORDS = 'migrations';

export interface MigrationRecord {
  readonly _id: string;
  /** `begun` may be under way, or have died */
  readonly state: 'begun' | 'done' | 'failed';
  /** the lease of the latest try: an earlier one's word does not count any more */
  readonly fence: number;
  readonly owner: string;
  readonly tries: number;
  /** machine time of who wrote it */
  readonly begunAt: Date;
  readonly doneAt: Date | null;
  /** what the latest try said when it failed */
  readonly error: string | null;
}

export interface Try {
  readonly name: string;
  readonly fence: number;
  readonly owner: string;
}

/** Which migrations this database has had. Names that this version does not know are a newer one's, and left alone. */
export class MigrationRecords {
  private readonly records: mongo.Collection<MigrationRecord>;

  constructor(connection: Connection) {
    this.records = storeCollection(connection, MIGRATION_RECORDS);
  }

  async of(name: string): Promise<MigrationRecord | null> {
    return answered(() => this.records.findOne({ _id: name }));
  }

  /** False when it is done, or somebody with a later lease is at it. */
  async begin({ name, fence, owner }: Try, at: Date): Promise<boolean> {
    await this.ensurePresent(name, at);
    const begun = await answered(() =>
      this.records.updateOne(
        { _id: name, state: { $ne: 'done' }, fence: { $lt: fence } },
        { $set: { state: 'begun', fence, owner, begunAt: at, error: null }, $inc: { tries: 1 } },
      ),
    );
    return begun.matchedCount === 1;
  }

  /** False when somebody with a later lease has begun it. */
  finish(which: Try, at: Date): Promise<boolean> {
    return this.end(which, { state: 'done', doneAt: at });
  }

  fail(which: Try, error: string): Promise<boolean> {
    return this.end(which, { state: 'failed', error });
  }

  private async end({ name, fence }: Try, changes: Partial<MigrationRecord>): Promise<boolean> {
    const ended = await answered(() =>
      this.records.updateOne({ _id: name, fence, state: 'begun' }, { $set: changes }),
    );
    return ended.matchedCount === 1;
  }

  /** Inserted beforehand: upserts that race on one `_id` fail on some servers. */
  private async ensurePresent(_id: string, begunAt: Date): Promise<void> {
    const none = { fence: -1, owner: '', tries: 0, doneAt: null, error: null };
    try {
      await answered(() => this.records.insertOne({ _id, state: 'begun', begunAt, ...none }));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
