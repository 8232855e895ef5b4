import { type Connection, type mongo } from 'mongoose';
import { type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { type SubscriptionClaim, Subscriptions, type SubscriptionState } from '../subscription-ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const SUBSCRIPTIONS = 'es_subscriptions';

interface SubscriptionDocument extends Omit<SubscriptionState, 'name'> {
  readonly _id: string;
}

const RELEASED = new Date(0);

/**
 * The collection `es_subscriptions`. Who has one is decided by the database server's clock ($$NOW), inside the update,
 * since not every server lets a filter see it; our own clock only spares most of the updates that would change nothing.
 */
export class MongoSubscriptions extends Subscriptions {
  private readonly subscriptions: mongo.Collection<SubscriptionDocument>;

  constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.subscriptions = storeCollection(connection, SUBSCRIPTIONS);
  }

  async ensure(name: string, position: number): Promise<void> {
    const fresh = { owner: null, fence: 0, dueAt: RELEASED, attempts: 0, lastError: null };
    await answered(async () => {
      try {
        await this.subscriptions.insertOne({ _id: name, position, ...fresh });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async claim(name: string, owner: string, lengthMs: number): Promise<SubscriptionClaim | null> {
    const soon = plus(this.clock.now(), 5 * SECOND);
    const query = { _id: name, $or: [{ dueAt: { $lte: soon } }, { owner }] };
    const found = await answered(() =>
      this.subscriptions.findOneAndUpdate(query, claimUpdate(owner, lengthMs), { returnDocument: 'after' }),
    );
    return found?.owner === owner ? { name, owner, fence: found.fence, position: found.position } : null;
  }

  move(claim: SubscriptionClaim, position: number): Promise<boolean> {
    return this.change(claim, { $set: { position, attempts: 0, lastError: null } });
  }

  noteFailure(claim: SubscriptionClaim, error: string): Promise<boolean> {
    return this.change(claim, { $inc: { attempts: 1 }, $set: { lastError: error } });
  }

  release(claim: SubscriptionClaim): Promise<boolean> {
    return this.change(claim, { $set: { dueAt: RELEASED, owner: null } });
  }

  async remove(name: string): Promise<void> {
    await answered(() => this.subscriptions.deleteOne({ _id: name }));
  }

  async list(): Promise<SubscriptionState[]> {
    const found = await answered(() => this.subscriptions.find().sort({ _id: 1 }).toArray());
    return found.map(({ _id: name, ...rest }) => ({ name, ...rest }));
  }

  private async change(
    { name, owner, fence }: SubscriptionClaim,
    update: mongo.UpdateFilter<SubscriptionDocument>,
  ): Promise<boolean> {
    const result = await answered(() => this.subscriptions.updateOne({ _id: name, owner, fence }, update));
    return result.matchedCount === 1;
  }
}

/** One stage, so that every expression sees the document as it was. */
function claimUpdate(owner: string, lengthMs: number): mongo.Document[] {
  const us = { $literal: owner };
  const held = { $gt: ['$dueAt', '$$NOW'] };
  const heldByOther = { $and: [held, { $ne: ['$owner', us] }] };
  return [
    {
      $set: {
        owner: { $cond: [held, '$owner', us] },
        fence: { $cond: [held, '$fence', { $add: ['$fence', 1] }] },
        dueAt: { $cond: [heldByOther, '$dueAt', { $add: ['$$NOW', lengthMs] }] },
      },
    },
  ];
}
