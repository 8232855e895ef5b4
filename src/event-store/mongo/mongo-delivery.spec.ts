import { setTimeout as pause } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { SystemClock } from '../../kernel/clocks';
import { parkedStreamsContract } from '../contracts/parked-streams.contract';
import { subscriptionsContract } from '../contracts/subscriptions.contract';
import { storeCollection } from './collections';
import { MongoParkedStreams, PARKED } from './mongo-parked-streams';
import { MongoSubscriptions, SUBSCRIPTIONS } from './mongo-subscriptions';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

subscriptionsContract('Mongo', async () => {
  await storeCollection(database.connection, SUBSCRIPTIONS).deleteMany({});
  // the server's clock decides, which no test can move: its milliseconds have to pass
  return { subscriptions: new MongoSubscriptions(database.connection, new SystemClock()), pass: pause };
});

parkedStreamsContract('Mongo', async () => {
  await storeCollection(database.connection, PARKED).deleteMany({});
  return new MongoParkedStreams(database.connection);
});
