import { randomUUID } from 'node:crypto';
import { type ConnectOptions, type Connection, createConnection } from 'mongoose';

export interface TestDatabase {
  /** names the fresh database, for a whole application under test */
  readonly uri: string;
  readonly connection: Connection;
  /** Drops the database and closes the connection. */
  drop(): Promise<void>;
}

/**
 * A database of its own for a suite, empty, on the server that the global set-up found.
 * @throws Error saying what to install when there is no server: a Mongo suite fails then, it is never skipped
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env.MONGODB_TEST_URI;
  if (!server) throw new Error(process.env.MONGODB_TEST_FAILURE ?? 'MONGODB_TEST_URI is not set');
  const uri = withDatabase(server, `cml_fleet_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`);
  const connection = await connectTo(uri);
  return {
    uri,
    connection,
    drop: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

/** A connection as the application has it, but impatient. */
export function connectTo(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  return createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    maxPoolSize: 30,
    serverSelectionTimeoutMS: 3_000,
    ...options,
  }).asPromise();
}

/** The same server, another database. */
export function withDatabase(uri: string, name: string): string {
  const [, server, options] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)[^?]*(\?.*)?$/.exec(uri) ?? [];
  if (!server) throw new Error('MONGODB_TEST_URI is not a MongoDB connection string');
  return `${server}/${name}${options ?? ''}`;
}
