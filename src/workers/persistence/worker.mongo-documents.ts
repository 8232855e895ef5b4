import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, storeCollection } from '../../event-store';
import { WORKER_COLLECTION, type WorkerDocument } from './worker.schema';

/** A document of the read model as it was found; it may be damaged, so that nothing about it is certain. */
export type FoundDocument = Readonly<Record<string, unknown>> & { readonly _id: string };

/** The documents of the read model as such, for their repair. All methods throw StoreUnavailable. */
export class MongoWorkerDocuments {
  private readonly documents: mongo.Collection<{ _id: string }>;

  constructor(connection: Connection) {
    this.documents = storeCollection(connection, WORKER_COLLECTION);
  }

  async idsAfter(id: string, limit: number): Promise<string[]> {
    const options = { sort: { _id: 1 }, limit, projection: { _id: 1 } } as const;
    const found = await answered(() => this.documents.find({ _id: { $gt: id } }, options).toArray());
    return found.map(({ _id }) => _id);
  }

  find(id: string): Promise<FoundDocument | null> {
    return answered(() => this.documents.findOne({ _id: id }));
  }

  /**
   * Puts a document, or none, in the place of what was found there. False when it is no longer of the version that was
   * found: somebody else wrote it meanwhile.
   */
  async replace(id: string, found: FoundDocument | null, by: WorkerDocument | null): Promise<boolean> {
    if (!found) return by === null || this.insert(by);
    // a missing version is matched as null
    const same = { _id: id, v: found.v ?? null } as mongo.Filter<{ _id: string }>;
    if (!by) return (await answered(() => this.documents.deleteOne(same))).deletedCount === 1;
    return (await answered(() => this.documents.replaceOne(same, by))).matchedCount === 1;
  }

  private insert(document: WorkerDocument): Promise<boolean> {
    return answered(async () => {
      try {
        await this.documents.insertOne(document);
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    });
  }
}
