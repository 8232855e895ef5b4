import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { type MachineClock } from '../../kernel/clocks';
import { type LabChange } from '../domain/lab-change';
import { type ChangePosition, LabHistory } from '../domain/ports';

export const LAB_HISTORY = 'lab_history';

interface ChangeDocument extends Omit<LabChange, 'id'> {
  readonly _id: string;
  /** machine time, from which its life is counted */
  readonly recordedAt: Date;
}

const KEPT_SECONDS = 90 * 24 * 60 * 60;

const INDEXES: mongo.IndexDescription[] = [
  { name: 'newest', key: { workerId: 1, at: -1, _id: -1 } },
  { name: 'lab', key: { workerId: 1, labId: 1, at: 1, _id: 1 } },
  { name: 'expiry', key: { recordedAt: 1 }, expireAfterSeconds: KEPT_SECONDS },
];

/** The collection `lab_history`; the database forgets changes 90 days after they were recorded. */
export class MongoLabHistory extends LabHistory {
  private readonly rows: mongo.Collection<ChangeDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, LAB_HISTORY);
  }

  /** With its indexes. */
  static async open(connection: Connection, clock: MachineClock): Promise<MongoLabHistory> {
    const history = new MongoLabHistory(connection, clock);
    await answered(() => history.rows.createIndexes(INDEXES, PATIENT), null);
    return history;
  }

  async add(changes: readonly LabChange[]): Promise<void> {
    if (changes.length === 0) return;
    const recordedAt = this.clock.now();
    const documents = changes.map(({ id, ...rest }) => ({ _id: id, ...rest, recordedAt }));
    await answered(async () => {
      try {
        // unordered: one that is there already keeps no other from being stored
        await this.rows.insertMany(documents, { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async recent(workerId: string, limit: number): Promise<LabChange[]> {
    const found = await answered(() =>
      this.rows.find({ workerId }).sort({ at: -1, _id: -1 }).limit(limit).toArray(),
    );
    return found.map(toChange).reverse();
  }

  async page(
    workerId: string,
    labId: string,
    after: ChangePosition | null,
    limit: number,
  ): Promise<LabChange[]> {
    const later = after && { $or: [{ at: { $gt: after.at } }, { at: after.at, _id: { $gt: after.id } }] };
    const found = await answered(() =>
      this.rows
        .find({ workerId, labId, ...later })
        .sort({ at: 1, _id: 1 })
        .limit(limit)
        .toArray(),
    );
    return found.map(toChange);
  }
}

function toChange({ _id, recordedAt: _recordedAt, ...rest }: ChangeDocument): LabChange {
  return { id: _id, ...rest };
}
