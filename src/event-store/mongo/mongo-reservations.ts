import { type Connection, type mongo } from 'mongoose';
import { type MachineClock } from '../../kernel/clocks';
import { Reservations } from '../ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const RESERVATIONS = 'reservations';

interface ReservationDocument {
  readonly _id: string;
  readonly stream: string;
  /** machine time */
  readonly takenAt: Date;
}

export class MongoReservations extends Reservations {
  private readonly reservations: mongo.Collection<ReservationDocument>;

  constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.reservations = storeCollection(connection, RESERVATIONS);
  }

  take(key: string, stream: string): Promise<boolean> {
    const takenAt = this.clock.now();
    return answered(async () => {
      try {
        await this.reservations.insertOne({ _id: key, stream, takenAt });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const renewed = await this.reservations.updateOne({ _id: key, stream }, { $set: { takenAt } });
        return renewed.matchedCount === 1;
      }
    });
  }

  async free(key: string, stream: string): Promise<void> {
    await answered(() => this.reservations.deleteOne({ _id: key, stream }));
  }

  async holder(key: string): Promise<string | null> {
    const found = await answered(() => this.reservations.findOne({ _id: key }));
    return found?.stream ?? null;
  }

  async olderThan(takenBefore: Date, limit: number): Promise<{ key: string; stream: string }[]> {
    const query = { takenAt: { $lt: takenBefore } };
    const old = await answered(() =>
      this.reservations.find(query).sort({ takenAt: 1 }).limit(limit).toArray(),
    );
    return old.map(({ _id, stream }) => ({ key: _id, stream }));
  }
}
