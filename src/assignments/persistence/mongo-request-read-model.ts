import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { type MachineClock, SECOND } from '../../kernel/clocks';
import { type RequestPage, RequestReadModel, REQUESTS_KEPT_MS } from '../domain/ports';
import { OPEN_STATES, type WorkerRequestState } from '../domain/worker-request-state';

export const WORKER_REQUESTS = 'worker_requests';

interface RequestDocument extends Omit<WorkerRequestState, 'id'> {
  readonly _id: string;
  /** version of the stream that the record was taken at */
  readonly streamVersion: number;
  readonly isOpen: boolean;
  /** machine time; null: it is open */
  readonly forgetFrom: Date | null;
}

const INDEXES: mongo.IndexDescription[] = [
  { name: 'newest', key: { requestedAt: -1, _id: -1 } },
  { name: 'user', key: { userId: 1, requestedAt: -1, _id: -1 } },
  { name: 'open', key: { requestedAt: 1, _id: 1 }, partialFilterExpression: { isOpen: true } },
  { name: 'expiry', key: { forgetFrom: 1 }, expireAfterSeconds: REQUESTS_KEPT_MS / SECOND },
];

/** The collection `worker_requests`; the server drops those whose time is over. It can be made anew from the log. */
export class MongoRequestReadModel extends RequestReadModel {
  private readonly rows: mongo.Collection<RequestDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, WORKER_REQUESTS);
  }

  /** With its indexes. */
  static async open(connection: Connection, clock: MachineClock): Promise<MongoRequestReadModel> {
    const requests = new MongoRequestReadModel(connection, clock);
    await answered(() => requests.rows.createIndexes(INDEXES, PATIENT), null);
    return requests;
  }

  async put({ id: _id, ...record }: WorkerRequestState, streamVersion: number): Promise<void> {
    const isOpen = OPEN_STATES.includes(record.state);
    const document = { ...record, streamVersion, isOpen, forgetFrom: isOpen ? null : this.clock.now() };
    await answered(async () => {
      try {
        await this.rows.replaceOne({ _id, streamVersion: { $lt: streamVersion } }, document, {
          upsert: true,
        });
      } catch (error) {
        // a newer one is there: the upsert tried to insert beside it
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async page({ userId, states, visible, after, limit }: RequestPage): Promise<WorkerRequestState[]> {
    const query: mongo.Filter<RequestDocument> = {
      ...(userId !== null && { userId }),
      ...(states && { state: { $in: [...states] } }),
      $and: [
        visible ? { $or: [{ userId: visible.userId }, { workerId: { $in: [...visible.workerIds] } }] } : {},
        after
          ? {
              $or: [
                { requestedAt: { $lt: after.requestedAt } },
                { requestedAt: after.requestedAt, _id: { $lt: after.id } },
              ],
            }
          : {},
      ],
    };
    const sort = { requestedAt: -1, _id: -1 } as const;
    const found = await answered(() => this.rows.find(query).sort(sort).limit(limit).toArray());
    return found.map(toRecord);
  }

  async open(): Promise<WorkerRequestState[]> {
    const sort = { requestedAt: 1, _id: 1 } as const;
    const found = await answered(() => this.rows.find({ isOpen: true }).sort(sort).toArray());
    return found.map(toRecord);
  }
}

function toRecord({ _id, streamVersion: _v, isOpen: _o, forgetFrom: _f, ...record }: RequestDocument) {
  return { id: _id, ...record };
}
