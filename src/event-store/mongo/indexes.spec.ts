import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from './collections';
import { assertIndexes, ensureIndexes } from './indexes';

describe('indexes of the event store', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it('are missed in an empty database, and are there once several processes ensured them at once', async () => {
    await expect(assertIndexes(database.connection)).rejects.toThrow(
      'es_commits.one_commit_per_command, es_commits.unplaced, es_log.one_position_per_commit, ' +
        'es_log.log_of_stream, es_parked.parked_of_subscription, reservations.reservations_of_stream, idempotency.expiry',
    );
    await Promise.all([1, 2, 3].map(() => ensureIndexes(database.connection)));
    await assertIndexes(database.connection);
  });

  it('let the server forget idempotency keys by itself', async () => {
    await ensureIndexes(database.connection);
    const indexes = await storeCollection(database.connection, 'idempotency').listIndexes().toArray();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }) as unknown,
    );
  });

  it('are missed when one is not what it should be', async () => {
    await ensureIndexes(database.connection);
    const log = storeCollection(database.connection, 'es_log');
    await log.dropIndex('one_position_per_commit');
    await log.createIndex({ commit: 1 }, { name: 'one_position_per_commit' });
    await expect(assertIndexes(database.connection)).rejects.toThrow(
      'lacks these indexes: es_log.one_position_per_commit',
    );
  });
});
