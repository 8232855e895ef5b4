import { openTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { storeCollection } from '../event-store';
import { MemorySecretRows } from './memory-secret-rows';
import { MongoSecretRows, SECRETS } from './mongo-secret-rows';
import { SecretCipher } from './secret-cipher';
import { secretRotationContract } from './secret-rotation.contract';
import { type SecretRows } from './secret-rows';
import { secretVaultContract } from './secret-vault.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const KINDS: readonly [string, () => Promise<SecretRows>][] = [
  ['memory', () => Promise.resolve(new MemorySecretRows())],
  [
    'Mongo',
    async () => {
      await storeCollection(database.connection, SECRETS).deleteMany({});
      return MongoSecretRows.open(database.connection);
    },
  ],
];
for (const [kind, open] of KINDS) {
  secretVaultContract(kind, open);
  secretRotationContract(kind, open);
}

it('a row of an earlier version is one of which nobody knows when it was put', async () => {
  const rows = await MongoSecretRows.open(database.connection);
  const sealed = { jwe: 'x', kid: 'k1', fingerprint: 'aaaaaaaaaaaa' };
  await storeCollection<{ _id: string }>(database.connection, SECRETS).insertOne({ _id: 'early', ...sealed });
  expect(await rows.find('early')).toEqual({ ...sealed, createdAt: null });
  expect(await rows.putBefore(new Date('2100-01-01T00:00:00Z'), '', 10)).not.toContain('early');
});

it('there is no vault without a key', () => {
  expect(() => new SecretCipher([])).toThrow(RangeError);
});
