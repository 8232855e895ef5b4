import { openTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { storeCollection } from '../event-store';
import { MemorySecretRows } from './memory-secret-rows';
import { MongoSecretRows, SECRETS } from './mongo-secret-rows';
import { SecretCipher } from './secret-cipher';
import { secretVaultContract } from './secret-vault.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

secretVaultContract('memory', () => Promise.resolve(new MemorySecretRows()));

secretVaultContract('Mongo', async () => {
  await storeCollection(database.connection, SECRETS).deleteMany({});
  return MongoSecretRows.open(database.connection);
});

it('there is no vault without a key', () => {
  expect(() => new SecretCipher([])).toThrow(RangeError);
});
