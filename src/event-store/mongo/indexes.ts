import { type Connection, mongo } from 'mongoose';
import { COMMITS, LOG } from './commit-document';
import { PATIENT, storeCollection } from './collections';
import { answered } from './driver-errors';
import { IDEMPOTENCY } from './mongo-idempotency-store';
import { PARKED } from './mongo-parked-streams';
import { RESERVATIONS } from './mongo-reservations';

/** What correctness and speed of the store rest on, beside each collection's `_id`. */
const INDEXES: Readonly<Record<string, mongo.IndexDescription[]>> = {
  [COMMITS]: [
    { name: 'one_commit_per_command', key: { stream: 1, commitId: 1 }, unique: true },
    { name: 'unplaced', key: { at: 1, _id: 1 }, partialFilterExpression: { sequenced: false } },
  ],
  [LOG]: [
    { name: 'one_position_per_commit', key: { commit: 1 }, unique: true },
    { name: 'log_of_stream', key: { stream: 1, _id: 1 } },
  ],
  [PARKED]: [{ name: 'parked_of_subscription', key: { subscription: 1 } }],
  [RESERVATIONS]: [{ name: 'reservations_of_stream', key: { stream: 1 } }],
  [IDEMPOTENCY]: [{ name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
};

/** The server's answer about a collection that nothing was ever written to. */
const NAMESPACE_NOT_FOUND = 26;

/** Creates what is missing; several processes may do so at once. */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    await storeCollection(connection, name).createIndexes(indexes, PATIENT);
  }
}

/** @throws Error naming the indexes that are missing or differ: without the unique ones the store would lose events */
export async function assertIndexes(connection: Connection): Promise<void> {
  const missing: string[] = [];
  for (const [name, indexes] of Object.entries(INDEXES)) {
    const present = await answered(() => presentIndexes(connection, name));
    const lacking = indexes.filter((wanted) => !present.some((index) => isSame(index, wanted)));
    missing.push(...lacking.map((index) => `${name}.${index.name}`));
  }
  if (missing.length > 0) throw new Error(`the database lacks these indexes: ${missing.join(', ')}`);
}

async function presentIndexes(connection: Connection, name: string): Promise<mongo.IndexDescriptionInfo[]> {
  try {
    return (await storeCollection(connection, name).listIndexes().toArray()) as mongo.IndexDescriptionInfo[];
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

function isSame(index: mongo.IndexDescriptionInfo, wanted: mongo.IndexDescription): boolean {
  return essence(index) === essence(wanted);
}

function essence(index: mongo.IndexDescriptionInfo | mongo.IndexDescription): string {
  const { key, unique = false, expireAfterSeconds = null, partialFilterExpression = null } = index;
  return JSON.stringify([key, unique, expireAfterSeconds, partialFilterExpression as unknown]);
}
