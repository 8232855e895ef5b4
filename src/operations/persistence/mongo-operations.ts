import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { type NewOperation, type Operation, type OperationSummary } from '../domain/operation';
import {
  type ClaimedOperation,
  type ClaimState,
  type OperationClaim,
  type OperationEnd,
  type OperationPage,
  type OperationProgress,
  OperationStore,
} from '../domain/ports';
import {
  changesOf,
  endOf,
  freshOperation,
  LIFE_MS,
  type StoredOperation,
  toOperation,
  toSummary,
} from './stored-operation';

export const OPERATIONS = 'operations';

interface OperationDocument extends Omit<StoredOperation, 'id'> {
  readonly _id: string;
}

const INDEXES: mongo.IndexDescription[] = [
  { name: 'due', key: { dueAt: 1 }, partialFilterExpression: { active: true } },
  { name: 'newest', key: { createdAt: -1, _id: -1 } },
  { name: 'worker', key: { workerId: 1, createdAt: -1, _id: -1 } },
  { name: 'expiry', key: { endedAt: 1 }, expireAfterSeconds: LIFE_MS / SECOND },
];

/** How far the database's clock may be before ours without a delay. */
const SLACK = 5 * SECOND;

/**
 * The collection `operations`. Who may carry one out is decided by the database server's clock ($$NOW), inside the
 * update, since not every server lets a filter see it; our own clock only finds what may be due.
 */
export class MongoOperations extends OperationStore {
  private readonly rows: mongo.Collection<OperationDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, OPERATIONS);
  }

  /** With its indexes. */
  static async open(connection: Connection, clock: MachineClock): Promise<MongoOperations> {
    const operations = new MongoOperations(connection, clock);
    await answered(() => operations.rows.createIndexes(INDEXES, PATIENT), null);
    return operations;
  }

  async add(given: NewOperation): Promise<Operation> {
    const { id, ...rest } = freshOperation(given);
    await answered(async () => {
      try {
        await this.rows.insertOne({ _id: id, ...rest });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    });
    return (await this.find(id)) ?? toOperation({ id, ...rest });
  }

  async find(id: string): Promise<Operation | null> {
    const found = await answered(() => this.rows.findOne({ _id: id }));
    return found && toOperation(toStored(found));
  }

  async page({ kinds, states, workerIds, after, limit }: OperationPage): Promise<OperationSummary[]> {
    const query: mongo.Filter<OperationDocument> = {
      ...(kinds && { kind: { $in: [...kinds] } }),
      ...(states && { state: { $in: [...states] } }),
      ...(workerIds && { workerId: { $in: [...workerIds] } }),
      ...(after && {
        $or: [
          { createdAt: { $lt: after.createdAt } },
          { createdAt: after.createdAt, _id: { $lt: after.id } },
        ],
      }),
    };
    const found = await answered(() =>
      this.rows
        .find(query, { projection: { result: 0, input: 0 } })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .toArray(),
    );
    return found.map((row) => toSummary(toOperation(toStored(row))));
  }

  async claimDue(
    kinds: readonly string[],
    owner: string,
    lengthMs: number,
    now: Date,
  ): Promise<ClaimedOperation | null> {
    const query = { active: true, kind: { $in: [...kinds] }, dueAt: { $lte: plus(this.clock.now(), SLACK) } };
    const found = await answered(() =>
      this.rows.findOneAndUpdate(query, claimUpdate(owner, lengthMs, now), {
        sort: { dueAt: 1 },
        returnDocument: 'after',
      }),
    );
    if (found?.owner !== owner) return null;
    return { operation: toOperation(toStored(found)), claim: { id: found._id, owner, fence: found.fence } };
  }

  renew(claim: OperationClaim, lengthMs: number): Promise<ClaimState> {
    return this.change(claim, [{ $set: { dueAt: { $add: ['$$NOW', lengthMs] } } }]);
  }

  note(claim: OperationClaim, progress: OperationProgress): Promise<ClaimState> {
    return this.change(claim, { $set: changesOf(progress) });
  }

  async finish(claim: OperationClaim, end: OperationEnd): Promise<boolean> {
    return (await this.change(claim, { $set: endOf(end, this.clock.now()) })) !== 'lost';
  }

  async release(claim: OperationClaim, pauseMs: number): Promise<boolean> {
    const update = [{ $set: { owner: null, dueAt: { $add: ['$$NOW', pauseMs] } } }];
    return (await this.change(claim, update)) !== 'lost';
  }

  async requestCancel(id: string, by: string): Promise<void> {
    const query = { _id: id, active: true, cancelledBy: null };
    await answered(() => this.rows.updateOne(query, { $set: { cancelledBy: by } }));
  }

  private async change(
    { id, owner, fence }: OperationClaim,
    update: mongo.UpdateFilter<OperationDocument> | mongo.Document[],
  ): Promise<ClaimState> {
    const found = await answered(() =>
      this.rows.findOneAndUpdate({ _id: id, owner, fence }, update, {
        projection: { cancelledBy: 1 },
        returnDocument: 'after',
      }),
    );
    if (!found) return 'lost';
    return found.cancelledBy !== null ? 'cancelled' : 'held';
  }
}

/** One stage, so that every expression sees the document as it was. */
function claimUpdate(owner: string, lengthMs: number, now: Date): mongo.Document[] {
  const due = { $lte: ['$dueAt', '$$NOW'] };
  const started = { $ifNull: ['$startedAt', { $literal: now }] };
  return [
    {
      $set: {
        owner: { $cond: [due, { $literal: owner }, '$owner'] },
        fence: { $cond: [due, { $add: ['$fence', 1] }, '$fence'] },
        dueAt: { $cond: [due, { $add: ['$$NOW', lengthMs] }, '$dueAt'] },
        state: { $cond: [due, 'running', '$state'] },
        startedAt: { $cond: [due, started, '$startedAt'] },
      },
    },
  ];
}

function toStored({ _id, ...rest }: OperationDocument): StoredOperation {
  return { id: _id, ...rest };
}
