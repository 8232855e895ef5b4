import { type Connection, type mongo } from 'mongoose';
import { type MachineClock } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { Reservations } from '../ports';
import { idsOfKind } from '../stream-name';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const RESERVATIONS = 'reservations';

export interface ReservationDocument {
  readonly _id: string;
  readonly stream: string;
  /** of the stream with the commit that the key was taken for, the highest one; older programs wrote none */
  readonly version?: number;
  /** machine time */
  readonly takenAt: Date;
}

/** Each round of a take is lost only to somebody who frees the key, or takes it, at that moment. */
const ROUNDS = 5;

/** What was taken for versions up to this one; a document without a version is from before there were any. */
const upTo = (version: number) => ({
  $or: [{ version: { $lte: version } }, { version: { $exists: false } }],
});

export class MongoReservations extends Reservations {
  private readonly reservations: mongo.Collection<ReservationDocument>;

  constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.reservations = storeCollection(connection, RESERVATIONS);
  }

  async take(key: string, stream: string, version: number): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const taken = await answered(() => this.tryToTake(key, stream, version));
      if (taken !== null) return taken;
    }
    throw new StoreUnavailable('a key was taken and freed by too many at once');
  }

  free(key: string, stream: string, version: number): Promise<boolean> {
    return this.remove({ _id: key, stream, ...upTo(version) });
  }

  async heldBy(stream: string, version: number): Promise<string[]> {
    const held = await answered(() => this.reservations.find({ stream, ...upTo(version) }).toArray());
    return held.map(({ _id }) => _id);
  }

  async holder(key: string): Promise<string | null> {
    const found = await answered(() => this.reservations.findOne({ _id: key }));
    return found?.stream ?? null;
  }

  async olderThan(
    kind: string,
    takenBefore: Date,
    limit: number,
  ): Promise<{ key: string; stream: string }[]> {
    const { from, below } = idsOfKind(kind);
    const query = { stream: { $gte: from, $lt: below }, takenAt: { $lt: takenBefore } };
    const old = await answered(() =>
      this.reservations.find(query).sort({ takenAt: 1 }).limit(limit).toArray(),
    );
    return old.map(({ _id, stream }) => ({ key: _id, stream }));
  }

  expire(key: string, stream: string, takenBefore: Date): Promise<boolean> {
    return this.remove({ _id: key, stream, takenAt: { $lt: takenBefore } });
  }

  /** Null where it was freed while we looked. */
  private async tryToTake(key: string, stream: string, version: number): Promise<boolean | null> {
    const takenAt = this.clock.now();
    const ours = { _id: key, stream };
    try {
      await this.reservations.insertOne({ ...ours, version, takenAt });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const again = { $set: { takenAt }, $max: { version } };
    if ((await this.reservations.updateOne(ours, again)).matchedCount === 1) return true;
    const holder = await this.reservations.findOne({ _id: key });
    return holder === null || holder.stream === stream ? null : false;
  }

  private async remove(reservation: mongo.Filter<ReservationDocument>): Promise<boolean> {
    const result = await answered(() => this.reservations.deleteOne(reservation));
    return result.deletedCount === 1;
  }
}
