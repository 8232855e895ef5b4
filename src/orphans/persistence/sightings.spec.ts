import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { plus } from '../../kernel/clocks';
import { aListing, NOW } from '../testing/orphans.builder';
import { MemorySightings } from './memory-sightings';
import { LISTINGS, MongoSightings, SIGHTINGS } from './mongo-sightings';
import { sightingsContract } from './sightings.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

sightingsContract('memory', () => Promise.resolve(new MemorySightings()));

const openMongo = async () => {
  for (const name of [SIGHTINGS, LISTINGS]) await storeCollection(database.connection, name).deleteMany({});
  return MongoSightings.open(database.connection);
};
sightingsContract('Mongo', openMongo);

it('a listing that was recorded half-way is recorded again by another process, and counts once', async () => {
  const store = await openMongo();
  await store.record(aListing(NOW, ['i-1', 'i-2', 'i-3']));
  const later = plus(NOW, 60_000);
  // this much of it a process did before it died
  await store.record(aListing(later, ['i-1', 'i-3']));
  const confirmed = await store.record(aListing(later, ['i-1', 'i-3', 'i-4']));
  expect(confirmed).toEqual([]);
  const page = await store.page({ kinds: null, awsRegions: null, after: null, limit: 10 });
  expect(page.map(({ resourceId, sightings }) => [resourceId, sightings]).sort()).toEqual([
    ['i-1', 2],
    ['i-3', 2],
  ]);
});
