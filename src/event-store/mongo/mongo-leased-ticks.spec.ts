import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../../test/support/eventually';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { SystemClock } from '../../kernel/clocks';
import { type Lease } from '../ports';
import { ticksOf } from '../testing/leased-ticks';
import { MongoLeases } from './mongo-leases';

const REGIONS = ['a', 'b', 'c', 'd'];
const INTERVAL_MS = 300;
const ROUNDS = 6;
const WITHIN_MS = 60_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

it('three replicas on one database run each region’s tick once per interval, and share the regions', async () => {
  const clock = new SystemClock();
  const turns: Lease[] = [];
  const told: string[] = [];
  const groups = ['one', 'two', 'three'].map((owner) => {
    const leases = new MongoLeases(database.connection, clock);
    const ticks = ticksOf(clock, { leases, owner, random: Math.random, told });
    return ticks.group('observe', REGIONS, async (_region, { lease }) => {
      turns.push(lease);
      await pause(20); // as long as a quick answer of AWS
    });
  });
  for (const group of groups) group.every(INTERVAL_MS);
  const of = (region: string) => turns.filter(({ job }) => job === `observe/${region}`);
  await eventually(() => {
    for (const region of REGIONS) expect(of(region).length).toBeGreaterThanOrEqual(ROUNDS);
  }, WITHIN_MS);
  await Promise.all(groups.map((group) => group.stop()));

  for (const region of REGIONS) {
    const [first, ...rest] = of(region);
    expect(rest.map(({ fence }) => fence)).toEqual(rest.map((_, index) => (first?.fence ?? 0) + index + 1));
    const begun = of(region).map(({ claimedAt }) => claimedAt.getTime());
    const gaps = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(INTERVAL_MS);
  }
  expect(new Set(turns.map(({ owner }) => owner)).size).toBeGreaterThan(1);
  expect(told).toEqual([]);
});
