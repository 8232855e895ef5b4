import { type Connection, type mongo } from 'mongoose';
import { type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { type Lease, Leases } from '../ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const LEASES = 'leases';

interface LeaseDocument {
  readonly _id: string;
  readonly dueAt: Date;
  readonly owner: string;
  readonly fence: number;
}

const NEVER_HELD = { dueAt: new Date(0), owner: '', fence: 0 };

/**
 * Leases by the database server's clock ($$NOW), which all replicas share. It is tested inside the update, since not
 * every server lets a filter see it; our own clock only spares most of the updates that would change nothing.
 */
export class MongoLeases extends Leases {
  private readonly leases: mongo.Collection<LeaseDocument>;
  private readonly present = new Set<string>();

  constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.leases = storeCollection(connection, LEASES);
  }

  async claim(job: string, owner: string, lengthMs: number): Promise<Lease | null> {
    await this.ensurePresent(job);
    const soon = plus(this.clock.now(), 5 * SECOND);
    const query = { _id: job, $or: [{ dueAt: { $lte: soon } }, { owner }] };
    const result = await answered(() =>
      this.leases.findOneAndUpdate(query, claimUpdate(owner, lengthMs), { returnDocument: 'after' }),
    );
    return result?.owner === owner ? { job, owner, fence: result.fence } : null;
  }

  async release({ job, owner, fence }: Lease): Promise<boolean> {
    const query = { _id: job, owner, fence };
    const released = await answered(() =>
      this.leases.updateOne(query, { $set: { dueAt: NEVER_HELD.dueAt } }),
    );
    return released.matchedCount === 1;
  }

  /** Inserted beforehand: upserts that race on one `_id` fail on some servers. */
  private async ensurePresent(job: string): Promise<void> {
    if (this.present.has(job)) return;
    try {
      await answered(() => this.leases.insertOne({ _id: job, ...NEVER_HELD }));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    this.present.add(job);
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
