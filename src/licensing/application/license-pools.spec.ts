import { setTimeout as pause } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { COMMITS, LOG } from '../../event-store/mongo/commit-document';
import { ensureIndexes } from '../../event-store/mongo/indexes';
import { MongoCommitTable } from '../../event-store/mongo/mongo-commit-table';
import { MongoLogTable } from '../../event-store/mongo/mongo-log-table';
import { MongoReservations, RESERVATIONS } from '../../event-store/mongo/mongo-reservations';
import { TableEventStore } from '../../event-store/table-event-store';
import { benchParts } from '../../event-store/testing/event-store-bench';
import { memoryPools } from '../testing/license-pools-bench';
import { licensePoolsContract } from './license-pools.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.connection);
});
afterAll(() => database.drop());

licensePoolsContract('memory', () => Promise.resolve(memoryPools()));

licensePoolsContract('Mongo', async () => {
  const { connection } = database;
  for (const name of [COMMITS, LOG, RESERVATIONS]) await storeCollection(connection, name).deleteMany({});
  const { clock, seal, store } = benchParts(pause);
  const tables = { commits: new MongoCommitTable(connection), log: new MongoLogTable(connection) };
  const reservations = new MongoReservations(connection, clock);
  return { clock, seal, reservations, pause, store: new TableEventStore({ ...store, ...tables }) };
});
