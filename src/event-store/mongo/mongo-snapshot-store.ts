import { type Connection, type mongo } from 'mongoose';
import { plainData } from '../plain-data';
import { type Snapshot, SnapshotStore } from '../ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const SNAPSHOTS = 'es_snapshots';

export interface SnapshotDocument extends Omit<Snapshot, 'stream'> {
  readonly _id: string;
}

export class MongoSnapshotStore extends SnapshotStore {
  private readonly snapshots: mongo.Collection<SnapshotDocument>;

  constructor(connection: Connection) {
    super();
    this.snapshots = storeCollection(connection, SNAPSHOTS);
  }

  async find(stream: string): Promise<Snapshot | null> {
    const found = await answered(() => this.snapshots.findOne({ _id: stream }));
    if (!found) return null;
    const { _id, ...snapshot } = found;
    return { stream: _id, ...snapshot };
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { stream, ...members } = plainData(snapshot);
    const replaceOlder = () =>
      this.snapshots.replaceOne({ _id: stream, version: { $lt: snapshot.version } }, members);
    await answered(async () => {
      if ((await replaceOlder()).matchedCount > 0) return;
      try {
        await this.snapshots.insertOne({ _id: stream, ...members });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // it is there and newer, or was put there just now and may be older
        await replaceOlder();
      }
    });
  }
}
