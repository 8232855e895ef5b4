import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { keyUsageContract } from './key-usage.contract';
import { MemoryKeyUsage } from './key-usage.memory';
import { API_KEY_USES, MongoKeyUsage } from './key-usage.mongo';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

keyUsageContract('memory', () => Promise.resolve(new MemoryKeyUsage()));

keyUsageContract('Mongo', async () => {
  await storeCollection(database.connection, API_KEY_USES).deleteMany({});
  return new MongoKeyUsage(database.connection);
});
