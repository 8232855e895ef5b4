import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../event-store';
import { type SealedSecret } from './secret-cipher';
import { type FoundRow, type ReEncrypted, type SecretRow, SecretRows } from './secret-rows';

export const SECRETS = 'secrets';

interface SecretDocument extends SealedSecret {
  /** the ref */
  readonly _id: string;
  /** missing where an earlier version put it */
  readonly createdAt?: Date | null;
}

/** The collection `secrets`. */
export class MongoSecretRows extends SecretRows {
  private readonly secrets: mongo.Collection<SecretDocument>;

  constructor(connection: Connection) {
    super();
    this.secrets = storeCollection(connection, SECRETS);
  }

  /** With its index, by which one finds what a key that is to leave the ring has encrypted. */
  static async open(connection: Connection): Promise<MongoSecretRows> {
    const rows = new MongoSecretRows(connection);
    await answered(() => rows.secrets.createIndex({ kid: 1 }, { name: 'by_key', ...PATIENT }), null);
    return rows;
  }

  async insert(ref: string, row: SecretRow): Promise<void> {
    await answered(async () => {
      try {
        await this.secrets.insertOne({ _id: ref, ...row });
      } catch (error) {
        // refs are new: what is there already is ours, from a try whose answer the driver did not get
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async find(ref: string): Promise<SecretRow | null> {
    const found = await answered(() => this.secrets.findOne({ _id: ref }));
    if (!found) return null;
    const { ref: _ref, ...row } = rowOf(found);
    return row;
  }

  async remove(ref: string): Promise<void> {
    await answered(() => this.secrets.deleteOne({ _id: ref }));
  }

  async replace(ref: string, { jwe }: Pick<SealedSecret, 'jwe'>, by: ReEncrypted): Promise<boolean> {
    const change = { $set: { jwe: by.jwe, kid: by.kid } };
    return (await answered(() => this.secrets.updateOne({ _id: ref, jwe }, change))).matchedCount === 1;
  }

  async notUnder(kid: string, after: string, limit: number): Promise<FoundRow[]> {
    const query = { kid: { $ne: kid }, _id: { $gt: after } };
    const found = await answered(() => this.secrets.find(query).sort({ _id: 1 }).limit(limit).toArray());
    return found.map(rowOf);
  }

  async countByKey(): Promise<ReadonlyMap<string, number>> {
    const stages = [{ $group: { _id: '$kid', count: { $sum: 1 } } }, { $sort: { _id: 1 } }];
    const found = await answered(() =>
      this.secrets.aggregate<{ _id: string; count: number }>(stages).toArray(),
    );
    return new Map(found.map(({ _id, count }) => [_id, count]));
  }

  async putBefore(time: Date, after: string, limit: number): Promise<string[]> {
    // what has no time is before no time: a comparison matches values of its own type only
    const query = { createdAt: { $lt: time }, _id: { $gt: after } };
    const options = { sort: { _id: 1 }, limit, projection: { _id: 1 } } as const;
    const found = await answered(() => this.secrets.find(query, options).toArray());
    return found.map(({ _id }) => _id);
  }
}

function rowOf({ _id, createdAt = null, ...sealed }: SecretDocument): FoundRow {
  return { ref: _id, ...sealed, createdAt };
}
