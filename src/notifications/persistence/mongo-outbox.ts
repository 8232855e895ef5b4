import { type Connection, type mongo } from 'mongoose';
import { answered, ClaimedRows, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { type MachineClock, SECOND } from '../../kernel/clocks';
import { type ChannelName, type NewPosting, type Posting } from '../domain/posting';
import { Outbox, type PostingClaim, type PostingOutcome } from '../domain/ports';
import { afterTry, freshPosting, LIFE, type PostingRow } from './outbox-rows';

export const NOTICES = 'notices';

interface PostingDocument extends Omit<PostingRow, 'id'> {
  readonly _id: string;
}

const STANDING = { topic: 'stop-planned', endedBy: null } as const;
const INDEXES: mongo.IndexDescription[] = [
  { name: 'due', key: { channel: 1, dueAt: 1 }, partialFilterExpression: { state: 'pending' } },
  { name: 'notice', key: { noticeId: 1 } },
  { name: 'standing', key: { workerId: 1, endedBy: 1 } },
  { name: 'expiry', key: { createdAt: 1 }, expireAfterSeconds: LIFE / SECOND },
];

/** The collection `notices`. Who may send one is decided by the database server's clock. */
export class MongoOutbox extends Outbox {
  private readonly rows: mongo.Collection<PostingDocument>;
  private readonly claimed: ClaimedRows<PostingDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, NOTICES);
    this.claimed = new ClaimedRows(this.rows, clock);
  }

  /** With its indexes. */
  static async open(connection: Connection, clock: MachineClock): Promise<MongoOutbox> {
    const outbox = new MongoOutbox(connection, clock);
    await answered(() => outbox.rows.createIndexes(INDEXES, PATIENT), null);
    return outbox;
  }

  /** By one command: a process that dies leaves all of a notice behind, or nothing. */
  async add(postings: readonly NewPosting[]): Promise<void> {
    if (postings.length === 0) return;
    const documents = postings.map((given) => {
      const { id, ...rest } = freshPosting(given, this.clock.now());
      return { _id: id, ...rest };
    });
    const areNew = await answered(() => unlessThere(() => this.rows.insertMany(documents)));
    if (areNew) return;
    for (const document of documents) {
      await answered(() => unlessThere(() => this.rows.insertOne(document)));
    }
  }

  ofNotice(noticeId: string): Promise<Posting[]> {
    return this.all({ noticeId });
  }

  standing(workerIds: readonly string[]): Promise<Posting[]> {
    return this.all({ ...STANDING, workerId: { $in: [...workerIds] } });
  }

  endedBy(workerId: string, by: readonly string[]): Promise<Posting[]> {
    return this.all({ workerId, endedBy: { $in: [...by] } });
  }

  async end(workerId: string, endedBy: string, keep: Date | null): Promise<void> {
    const query = { ...STANDING, workerId, ...(keep && { deadline: { $ne: keep } }) };
    const superseded = { endedBy, state: 'superseded' as const };
    await answered(() => this.rows.updateMany({ ...query, state: 'pending' }, { $set: superseded }));
    await answered(() => this.rows.updateMany(query, { $set: { endedBy } }));
  }

  async claimDue(
    channels: readonly ChannelName[],
    owner: string,
    lengthMs: number,
    expiredAt?: Date,
  ): Promise<Posting | null> {
    const expired = expiredAt && { expiresAt: { $lte: expiredAt } };
    const which = { channel: { $in: [...channels] }, state: 'pending' as const, ...expired };
    const found = await this.claimed.take(which, { dueAt: 1 }, owner, lengthMs);
    return found && toPosting(found);
  }

  async record(claim: Posting, outcome: PostingOutcome): Promise<boolean> {
    const pauseMs = outcome.state === 'pending' ? outcome.pauseMs : 0;
    const which = outcome.state === 'delivered' ? {} : { state: 'pending' as const };
    return this.claimed.changeAndWait(claim, afterTry(claim, outcome), pauseMs, which);
  }

  release(claim: PostingClaim): Promise<boolean> {
    return this.claimed.release(claim);
  }

  private async all(query: mongo.Filter<PostingDocument>): Promise<Posting[]> {
    const found = await answered(() => this.rows.find(query).sort({ createdAt: 1, _id: 1 }).toArray());
    return found.map(toPosting);
  }
}

async function unlessThere(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

function toPosting({ _id: id, createdAt: _machineTime, ...rest }: PostingDocument): Posting {
  return { id, ...rest };
}
