import { type Connection, type mongo } from 'mongoose';
import { answered, ClaimedRows, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { HOUR, type MachineClock, SECOND } from '../../kernel/clocks';
import { type Delivery, type DeliveryTry, type NewDelivery } from '../domain/delivery';
import { Deliveries, type DeliveryClaim, type DeliveryOutcome, type DeliveryPage } from '../domain/ports';
import { afterTry, freshDelivery, RENEWED } from './delivery-changes';

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

/** Which of what is due comes first. */
const ORDER = { dueAt: 1, position: 1 } as const;

/** The collection `webhook_deliveries`. Who may send one is decided by the database server's clock. */
export class MongoDeliveries extends Deliveries {
  private readonly rows: mongo.Collection<DeliveryDocument>;
  private readonly claimed: ClaimedRows<DeliveryDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, DELIVERIES);
    this.claimed = new ClaimedRows(this.rows, clock);
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
    const pauseMs = outcome.state === 'pending' ? outcome.pauseMs : 0;
    return this.claimed.changeAndWait(claim, afterTry(claim, tried, outcome), pauseMs);
  }

  release(claim: DeliveryClaim): Promise<boolean> {
    return this.claimed.release(claim);
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
    const found = await this.claimed.take({ ...which, state: 'pending' }, ORDER, owner, lengthMs);
    return found && toDelivery(found);
  }
}

function toDelivery({ _id, ...rest }: DeliveryDocument): Delivery {
  return { id: _id, ...rest };
}
