import { type Connection, type mongo } from 'mongoose';
import { type ParkedStream, ParkedStreams, type SubscriptionClaim } from '../subscription-ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const PARKED = 'es_parked';

interface ParkedDocument extends ParkedStream {
  /** `<subscription>|<stream>` */
  readonly _id: string;
}

/** The collection `es_parked`. */
export class MongoParkedStreams extends ParkedStreams {
  private readonly parked: mongo.Collection<ParkedDocument>;

  constructor(connection: Connection) {
    super();
    this.parked = storeCollection(connection, PARKED);
  }

  async put(parked: ParkedStream): Promise<void> {
    const _id = idOf(parked);
    await answered(async () => {
      try {
        await this.parked.insertOne({ _id, ...parked });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await this.parked.updateOne({ _id }, { $min: { fromVersion: parked.fromVersion } });
      }
    });
  }

  async adopt({ name, fence }: SubscriptionClaim): Promise<ParkedStream[]> {
    const late = { subscription: name, fence: { $lt: fence } };
    await answered(() => this.parked.updateMany(late, { $set: { fence } }));
    return this.of(name);
  }

  async of(subscription: string): Promise<ParkedStream[]> {
    const found = await answered(() =>
      this.parked.find({ subscription }).sort({ _id: 1 }).project<ParkedStream>({ _id: 0 }).toArray(),
    );
    return found;
  }

  async replace(before: ParkedStream, after: ParkedStream): Promise<boolean> {
    const result = await answered(() => this.parked.replaceOne(asRead(before), after));
    return result.matchedCount === 1;
  }

  async remove(parked: ParkedStream): Promise<boolean> {
    const result = await answered(() => this.parked.deleteOne(asRead(parked)));
    return result.deletedCount === 1;
  }

  async retry(subscription: string, stream: string, now: Date): Promise<boolean> {
    const fresh = { attempts: 0, nextTryAt: now };
    const result = await answered(() =>
      this.parked.updateOne({ _id: idOf({ subscription, stream }) }, { $set: fresh }),
    );
    return result.matchedCount === 1;
  }

  async removeAll(subscription: string): Promise<void> {
    await answered(() => this.parked.deleteMany({ subscription }));
  }
}

function idOf({ subscription, stream }: Pick<ParkedStream, 'subscription' | 'stream'>): string {
  return `${subscription}|${stream}`;
}

function asRead(row: ParkedStream): mongo.Filter<ParkedDocument> {
  const { fromVersion, attempts, fence } = row;
  return { _id: idOf(row), fromVersion, attempts, fence };
}
