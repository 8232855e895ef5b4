import { type Connection, createConnection } from 'mongoose';
import { CONNECTION_OPTIONS } from '../database.module';
import { type Settings } from '../config/settings';
import { WrongUsage } from './cli-command';

/** Connects, works and leaves. @throws WrongUsage when the application keeps nothing in a database */
export async function withDatabase<T>(
  settings: Pick<Settings, 'FLEET_PERSISTENCE' | 'FLEET_MONGODB_URI'>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (settings.FLEET_PERSISTENCE !== 'mongo') {
    throw new WrongUsage('FLEET_PERSISTENCE is memory, which keeps nothing that a tool could look at.');
  }
  const connection = await createConnection(
    settings.FLEET_MONGODB_URI.reveal(),
    CONNECTION_OPTIONS,
  ).asPromise();
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
