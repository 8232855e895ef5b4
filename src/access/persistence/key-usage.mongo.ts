import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, storeCollection } from '../../event-store';
import { KeyUsage } from '../domain/ports';

export const API_KEY_USES = 'api_key_uses';

interface KeyUse {
  readonly _id: string;
  readonly lastUsedAt: Date;
}

/** One document per key. Both methods throw StoreUnavailable. */
export class MongoKeyUsage extends KeyUsage {
  private readonly uses: mongo.Collection<KeyUse>;

  constructor(connection: Connection) {
    super();
    this.uses = storeCollection(connection, API_KEY_USES);
  }

  async record(keyId: string, at: Date): Promise<void> {
    await answered(async () => {
      const found = await this.uses.updateOne({ _id: keyId }, { $max: { lastUsedAt: at } });
      if (found.matchedCount > 0) return;
      try {
        await this.uses.insertOne({ _id: keyId, lastUsedAt: at });
      } catch (error) {
        // another process was faster by moments: its time serves as well
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const uses = await answered(() => this.uses.find({ _id: { $in: [...keyIds] } }).toArray());
    return new Map(uses.map(({ _id, lastUsedAt }) => [_id, lastUsedAt]));
  }
}
