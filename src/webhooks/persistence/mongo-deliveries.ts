import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { HOUR, type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { type Delivery, type DeliveryTry, type NewDelivery } from '../domain/delivery';
import { Deliveries, type DeliveryClaim, type DeliveryOutcome, type DeliveryPage } from '../domain/ports';
import { afterTry, AT_ONCE, freshDelivery, RENEWED } from './delivery-changes';

export const DELIVERIES = 'webhook_deliveries';

interface DeliveryDocument extends Omit<Delivery, 'id'> {
  readonly _id: string;
}

const INDEXES: mongo.IndexDescription[] = [
  {
    name: 'due',
    key: { webhookId: 1, dueAt: 1, position: 1 },
    partialFilterExpression: { state: 'pending' },
  },
  { name: 'newest', key: { webhookId: 1, createdAt: -1, _id: -1 } },
  { name: 'reached', key: { webhookId: 1, deliveredAt: 1 } },
  { name: 'expiry', key: { createdAt: 1 }, expireAfterSeconds: (30 * 24 * HOUR) / SECOND },
];

/** How far the database's clock may be before ours without a delay. */
const SLACK = 5 * SECOND;

/**
 * The collection `webhook_deliveries`. Who may send one is decided by the database server's clock ($$NOW), inside the
 * update, since not every server lets a filter see it; our own clock only finds what may be due.
 */
export class MongoDeliveries extends Deliveries {
  private readonly rows: mongo.Collection<DeliveryDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, DELIVERIES);
  }

  /** With its indexes. */
  static async open(connection: Connection, clock: MachineClock): Promise<MongoDeliveries> {
    const deliveries = new MongoDeliveries(connection, clock);
    await answered(() => deliveries.rows.createIndexes(INDEXES, PATIENT), null);
    return deliveries;
  }

  async add(deliveries: readonly NewDelivery[]): Promise<void> {
    for (const given of deliveries) {
      const { id, ...rest } = freshDelivery(given, this.clock.now());
      await answered(async () => {
        try {
          await this.rows.insertOne({ _id: id, ...rest });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
        }
      });
    }
  }

  claimDue(webhookIds: readonly string[], owner: string, lengthMs: number): Promise<Delivery | null> {
    return this.take({ webhookId: { $in: [...webhookIds] }, isPing: false }, owner, lengthMs);
  }

  claim(id: string, owner: string, lengthMs: number): Promise<Delivery | null> {
    return this.take({ _id: id }, owner, lengthMs);
  }

  record(claim: Delivery, tried: DeliveryTry | null, outcome: DeliveryOutcome): Promise<boolean> {
    const changes = Object.entries(afterTry(claim, tried, outcome));
    const pauseMs = outcome.state === 'pending' ? outcome.pauseMs : 0;
    const set = Object.fromEntries(changes.map(([name, value]) => [name, { $literal: value }]));
    return this.change(claim, [{ $set: { ...set, dueAt: { $add: ['$$NOW', pauseMs] } } }]);
  }

  release(claim: DeliveryClaim): Promise<boolean> {
    return this.change(claim, { $set: { owner: null, dueAt: AT_ONCE } });
  }

  async find(id: string): Promise<Delivery | null> {
    const found = await answered(() => this.rows.findOne({ _id: id }));
    return found && toDelivery(found);
  }

  async page({ webhookId, states, after, limit }: DeliveryPage): Promise<Delivery[]> {
    const query: mongo.Filter<DeliveryDocument> = {
      webhookId,
      ...(states && { state: { $in: [...states] } }),
      ...(after && {
        $or: [
          { createdAt: { $lt: after.createdAt } },
          { createdAt: after.createdAt, _id: { $lt: after.id } },
        ],
      }),
    };
    const found = await answered(() =>
      this.rows.find(query).sort({ createdAt: -1, _id: -1 }).limit(limit).toArray(),
    );
    return found.map(toDelivery);
  }

  async anyDelivered(webhookId: string, since: Date): Promise<boolean> {
    const query = { webhookId, deliveredAt: { $gte: since } };
    return (await answered(() => this.rows.findOne(query, { projection: { _id: 1 } }))) !== null;
  }

  async renew(id: string): Promise<void> {
    await answered(() => this.rows.updateOne({ _id: id, state: { $ne: 'pending' } }, { $set: RENEWED }));
  }

  async renewFailed(webhookId: string): Promise<number> {
    const query = { webhookId, state: 'failed', isPing: false } as const;
    return (await answered(() => this.rows.updateMany(query, { $set: RENEWED }))).modifiedCount;
  }

  async remove(id: string): Promise<void> {
    await answered(() => this.rows.deleteOne({ _id: id }));
  }

  async removeAll(webhookId: string): Promise<void> {
    await answered(() => this.rows.deleteMany({ webhookId }));
  }

  private async take(
    which: mongo.Filter<DeliveryDocument>,
    owner: string,
    lengthMs: number,
  ): Promise<Delivery | null> {
    const query = { ...which, state: 'pending' as const, dueAt: { $lte: plus(this.clock.now(), SLACK) } };
    const found = await answered(() =>
      this.rows.findOneAndUpdate(query, claimUpdate(owner, lengthMs), {
        sort: { dueAt: 1, position: 1 },
        returnDocument: 'after',
      }),
    );
    return found?.owner === owner ? toDelivery(found) : null;
  }

  private async change(
    { id, owner, fence }: DeliveryClaim | Delivery,
    update: mongo.UpdateFilter<DeliveryDocument> | mongo.Document[],
  ): Promise<boolean> {
    const result = await answered(() => this.rows.updateOne({ _id: id, owner, fence }, update));
    return result.matchedCount === 1;
  }
}

/** One stage, so that every expression sees the document as it was. */
function claimUpdate(owner: string, lengthMs: number): mongo.Document[] {
  const due = { $lte: ['$dueAt', '$$NOW'] };
  return [
    {
      $set: {
        owner: { $cond: [due, { $literal: owner }, '$owner'] },
        fence: { $cond: [due, { $add: ['$fence', 1] }, '$fence'] },
        dueAt: { $cond: [due, { $add: ['$$NOW', lengthMs] }, '$dueAt'] },
      },
    },
  ];
}

function toDelivery({ _id, ...rest }: DeliveryDocument): Delivery {
  return { id: _id, ...rest };
}
