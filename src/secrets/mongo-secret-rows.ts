import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../event-store';
import { type SealedSecret } from './secret-cipher';
import { SecretRows } from './secret-rows';

export const SECRETS = 'secrets';

interface SecretDocument extends SealedSecret {
  /** the ref */
  readonly _id: string;
}

/** The collection `secrets`. */
export class MongoSecretRows extends SecretRows {
  private readonly secrets: mongo.Collection<SecretDocument>;

  private constructor(connection: Connection) {
    super();
    this.secrets = storeCollection(connection, SECRETS);
  }

  /** With its index, by which one finds what a key that is to leave the ring has encrypted. */
  static async open(connection: Connection): Promise<MongoSecretRows> {
    const rows = new MongoSecretRows(connection);
    await answered(() => rows.secrets.createIndex({ kid: 1 }, { name: 'by_key', ...PATIENT }), null);
    return rows;
  }

  async insert(ref: string, sealed: SealedSecret): Promise<void> {
    await answered(async () => {
      try {
        await this.secrets.insertOne({ _id: ref, ...sealed });
      } catch (error) {
        // refs are new: what is there already is ours, from a try whose answer the driver did not get
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async find(ref: string): Promise<SealedSecret | null> {
    const found = await answered(() => this.secrets.findOne({ _id: ref }));
    if (!found) return null;
    const { _id, ...sealed } = found;
    return sealed;
  }

  async remove(ref: string): Promise<void> {
    await answered(() => this.secrets.deleteOne({ _id: ref }));
  }
}
