import { type Connection } from 'mongoose';
import { connectTo, openTestDatabase, type TestDatabase } from '../test/support/test-database';
import { CONNECTION_OPTIONS } from './database.module';
import { answered, storeCollection } from './event-store';
import { FaultyNetwork } from './event-store/testing/faulty-network';
import { StoreUnavailable } from './kernel/domain-error';

describe('a connection to the database', () => {
  let database: TestDatabase;
  let network: FaultyNetwork;
  beforeAll(async () => {
    database = await openTestDatabase();
    network = await FaultyNetwork.before(database.uri);
  });
  afterAll(async () => {
    await network.close();
    await database.drop();
  });

  it('waits 5 s for an answer, and as long behind others, while the server is there', async () => {
    const uri = network.through(database.uri);
    const impatient = { ...CONNECTION_OPTIONS, retryWrites: false, maxPoolSize: 1 };
    const one = await connectTo(uri, impatient);
    const other = await connectTo(uri, { ...impatient, socketTimeoutMS: 0 });
    network.holdAnswers('insert', 'shelves', 2);
    const insert = (connection: Connection) =>
      answered(() => storeCollection(connection, 'shelves').insertOne({})).catch((error: unknown) => error);
    const [first, held] = [insert(one), insert(other)];
    const behind = answered(() => storeCollection(other, 'books').findOne({}));
    await expect(behind).rejects.toThrow(StoreUnavailable);
    expect(await first).toBeInstanceOf(StoreUnavailable);
    await other.close(true);
    expect(await held).toBeInstanceOf(StoreUnavailable);
    network.heal();
    expect(await answered(() => storeCollection(one, 'shelves').countDocuments())).toBe(2);
    await one.close();
  });
});
