import { type mongo } from 'mongoose';
import { type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { answered } from './driver-errors';

/** How far the database's clock may be before ours without a delay. */
const SLACK = 5 * SECOND;

/** Earlier than any clock says: due at once, whichever clock it is compared with. */
export const AT_ONCE = new Date(0);

/** That a process may work on a row for a while. */
interface RowClaim {
  readonly id: string;
  readonly owner: string | null;
  /** grows by one with each new owner: a late owner's writes are refused by it */
  readonly fence: number;
}

interface ClaimedDocument {
  readonly _id: string;
  readonly owner: string | null;
  readonly fence: number;
  /** when it is due, or, while a process has it, until when that one has it */
  readonly dueAt: Date;
}

/**
 * Rows of a collection that processes claim one by one. Who has one is decided by the database server's clock ($$NOW),
 * inside the update, since not every server lets a filter see it; our own clock only finds what may be due.
 */
export class ClaimedRows<T extends ClaimedDocument> {
  constructor(
    private readonly rows: mongo.Collection<T>,
    private readonly clock: MachineClock,
  ) {}

  /** The first of these that is due, now this owner's; the owner's name must be another one for each claim. */
  async take(
    which: mongo.Filter<T>,
    sort: mongo.Sort,
    owner: string,
    lengthMs: number,
  ): Promise<mongo.WithId<T> | null> {
    const query = { ...which, dueAt: { $lte: plus(this.clock.now(), SLACK) } } as mongo.Filter<T>;
    const found = await answered(() =>
      this.rows.findOneAndUpdate(query, claimUpdate(owner, lengthMs), { sort, returnDocument: 'after' }),
    );
    return found?.owner === owner ? found : null;
  }

  /** Under the claim's fence; false when it was lost. @param which what must hold of the row besides */
  async change(
    { id, owner, fence }: RowClaim,
    update: mongo.UpdateFilter<T> | mongo.Document[],
    which: mongo.Filter<T> = {},
  ): Promise<boolean> {
    const query = { ...which, _id: id, owner, fence } as mongo.Filter<T>;
    return (await answered(() => this.rows.updateOne(query, update))).matchedCount === 1;
  }

  /** The same, and the row is due after a pause by the database's clock. */
  changeAndWait(
    claim: RowClaim,
    changes: Partial<T>,
    pauseMs: number,
    which: mongo.Filter<T> = {},
  ): Promise<boolean> {
    const entries: [string, unknown][] = Object.entries(changes);
    const literal = entries.map(([name, value]): [string, unknown] => [name, { $literal: value }]);
    const dueAt = { $add: ['$$NOW', pauseMs] };
    return this.change(claim, [{ $set: { ...Object.fromEntries(literal), dueAt } }], which);
  }

  release(claim: RowClaim): Promise<boolean> {
    return this.change(claim, [{ $set: { owner: null, dueAt: AT_ONCE } }]);
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
