import { type Connection, type mongo } from 'mongoose';
import { type MachineClock } from '../../kernel/clocks';
import { type JobState, type Lease, Leases } from '../ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const LEASES = 'leases';

interface LeaseDocument {
  readonly _id: string;
  readonly dueAt: Date;
  readonly owner: string;
  readonly fence: number;
  /** a turn is under way: `dueAt` is its lease's end */
  readonly held: boolean;
  /** which of its owner's claims it was, since an owner's later claim may find its earlier one */
  readonly claim: number;
  readonly claimedAt: Date | null;
  /** when somebody last asked for the time */
  readonly askedAt?: Date;
}

const AT_ONCE = new Date(0);

/**
 * Leases by the database server's clock ($$NOW), which all replicas share. It is tested inside the update, since not
 * every server lets a filter see it.
 */
export class MongoLeases extends Leases {
  private readonly leases: mongo.Collection<LeaseDocument>;
  private readonly present = new Set<string>();
  private claims = 0;

  constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.leases = storeCollection(connection, LEASES);
  }

  async plan(job: string, { first, latest }: { first: Date; latest: Date }): Promise<Date> {
    const late = { $and: [{ $ne: ['$held', true] }, { $gt: ['$dueAt', latest] }] };
    const update = [{ $set: { dueAt: { $cond: [late, latest, '$dueAt'] }, askedAt: '$$NOW' } }];
    const { askedAt } = await this.changed(job, first, update);
    return askedAt ?? this.clock.now();
  }

  async states(jobs: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    const rows = await answered(() => this.leases.find({ _id: { $in: [...jobs] } }).toArray());
    return new Map(rows.map(({ _id, dueAt, owner }) => [_id, { dueAt, owner }]));
  }

  async claim(job: string, owner: string, lengthMs: number, { early = false } = {}): Promise<Lease | null> {
    const claim = (this.claims += 1);
    const row = await this.changed(job, AT_ONCE, claimUpdate({ owner, claim, lengthMs, early }));
    const ours = row.owner === owner && row.claim === claim;
    return ours && row.claimedAt ? { job, owner, fence: row.fence, claimedAt: row.claimedAt } : null;
  }

  async renew({ job, owner, fence }: Lease, lengthMs: number): Promise<boolean> {
    const update = [{ $set: { dueAt: { $add: ['$$NOW', lengthMs] } } }];
    const renewed = await answered(() =>
      this.leases.updateOne({ _id: job, owner, fence, held: true }, update),
    );
    return renewed.matchedCount === 1;
  }

  async release({ job, owner, fence }: Lease, dueAt = AT_ONCE): Promise<boolean> {
    const released = await answered(() =>
      this.leases.updateOne({ _id: job, owner, fence, held: true }, { $set: { held: false, dueAt } }),
    );
    return released.matchedCount === 1;
  }

  /** The job's row after an update; made first, due at `first`, where there is none, or none any more. */
  private async changed(job: string, first: Date, update: mongo.Document[]): Promise<LeaseDocument> {
    for (;;) {
      await this.ensurePresent(job, first);
      const row = await answered(() =>
        this.leases.findOneAndUpdate({ _id: job }, update, { returnDocument: 'after' }),
      );
      if (row) return row;
      this.present.delete(job);
    }
  }

  /**
   * Inserted beforehand: upserts that race on one `_id` fail on some servers. The first fence is the time in
   * milliseconds: above all that were given out before the leases were lost, by a restored backup, say.
   */
  private async ensurePresent(job: string, dueAt: Date): Promise<void> {
    if (this.present.has(job)) return;
    const fence = this.clock.now().getTime();
    const row = { _id: job, dueAt, owner: '', fence, held: false, claim: 0, claimedAt: null };
    try {
      await answered(() => this.leases.insertOne(row));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    this.present.add(job);
  }
}

interface Claim {
  readonly owner: string;
  readonly claim: number;
  readonly lengthMs: number;
  readonly early: boolean;
}

/** One stage, so that every expression sees the document as it was. */
function claimUpdate({ owner, claim, lengthMs, early }: Claim): mongo.Document[] {
  const due = { $lte: ['$dueAt', '$$NOW'] };
  const free = early ? { $or: [due, { $ne: ['$held', true] }] } : due;
  const ifFree = (value: unknown, field: string) => ({ $cond: [free, value, field] });
  return [
    {
      $set: {
        owner: ifFree({ $literal: owner }, '$owner'),
        claim: ifFree({ $literal: claim }, '$claim'),
        fence: ifFree({ $add: ['$fence', 1] }, '$fence'),
        held: ifFree(true, '$held'),
        claimedAt: ifFree('$$NOW', '$claimedAt'),
        dueAt: ifFree({ $add: ['$$NOW', lengthMs] }, '$dueAt'),
      },
    },
  ];
}
