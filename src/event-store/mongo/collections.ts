import { type Connection, type mongo } from 'mongoose';
import { StoreUnavailable } from '../../kernel/domain-error';

/** Machine milliseconds that one operation may take, a stopped server included. */
const PATIENCE = 5_000;

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
    timeoutMS: PATIENCE,
  });
}
