import { type Connection, type mongo } from 'mongoose';
import { StoreUnavailable } from '../../kernel/domain-error';

/** Of an operation that has no limit of time: an index over much data. The driver's types do not name what it takes. */
export const PATIENT: mongo.CreateIndexesOptions = { socketTimeoutMS: 0 } as object;

/**
 * A collection of the native driver: Mongoose refuses pipeline updates and would cast what we read. Writes are
 * acknowledged when a power cut or a new primary cannot undo them, and only such writes are read.
 */
export function storeCollection<T extends mongo.Document>(
  connection: Connection,
  name: string,
): mongo.Collection<T> {
  if (!connection.db) throw new StoreUnavailable('the database is not connected yet');
  return connection.db.collection<T>(name, {
    readPreference: 'primary',
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority', journal: true },
  });
}
