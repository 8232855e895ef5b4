import { once } from 'node:events';
import { setTimeout as realPause } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { type Leases, storeCollection } from '../event-store';
import { MongoLeases } from '../event-store/mongo/mongo-leases';
import { SystemClock } from '../kernel/clocks';
import { type Migration, type MigrationTurn } from './migration';
import { MIGRATION_RECORDS, type MigrationRecord, MigrationRecords } from './migration-records';
import { Migrator } from './migrator';

/** Processes that start on one database, by what they do to it. */
describe('migrations', () => {
  let database: TestDatabase;
  let told: string[];
  let reported: string[];
  const clock = new SystemClock();
  const migrators: Migrator[] = [];

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    [told, reported] = [[], []];
    for (const name of [MIGRATION_RECORDS, 'leases', 'steps']) await rows(name).deleteMany({});
  });
  afterEach(async () => {
    await Promise.all(migrators.splice(0).map((migrator) => migrator.stop()));
  });
  afterAll(() => database.drop());

  const rows = (name: string) => storeCollection<{ _id: string }>(database.connection, name);
  const record = (name: string) =>
    storeCollection<MigrationRecord>(database.connection, MIGRATION_RECORDS).findOne({ _id: name });
  const leasesOf = (): Leases => new MongoLeases(database.connection, clock);
  const recordsOf = () => new MigrationRecords(database.connection);
  const processOf = (
    owner: string,
    migrations: readonly Migration[],
    { leases = leasesOf(), records = recordsOf() } = {},
  ): Migrator => {
    const migrator = new Migrator({
      ...{ migrations, owner, leases, records, clock, connection: database.connection },
      pause: (ms, signal) => realPause(Math.min(ms, 20), undefined, { signal }),
      report: (error, during) => void reported.push(`${during}: ${(error as Error).message}`),
      tell: (message, about) => void told.push(`${message} ${(about as { migration: string }).migration}`),
    });
    migrators.push(migrator);
    return migrator;
  };
  const migration = (
    name: string,
    run: (turn: MigrationTurn) => Promise<unknown> = () => Promise.resolve(),
    when: Migration['when'] = 'before',
  ): Migration => ({ name, when, run: async (_database, turn) => void (await run(turn)) });

  it('are done once each, in their order, by one of many processes that start at once; the others wait', async () => {
    const runs: string[] = [];
    const list = (owner: string) =>
      ['one', 'two', 'three'].map((name) =>
        migration(name, async () => {
          await realPause(30);
          runs.push(`${name} by ${owner}`);
        }),
      );
    const owners = Array.from({ length: 8 }, (_, index) => `owner-${index}`);
    await Promise.all(
      owners.map(async (owner) => {
        await processOf(owner, list(owner)).before();
        expect(runs).toHaveLength(3);
      }),
    );
    expect(runs.map((run) => run.split(' ')[0])).toEqual(['one', 'two', 'three']);
    await processOf('late', list('late')).before();
    expect(runs).toHaveLength(3);
    expect(await record('two')).toMatchObject({ state: 'done', tries: 1, error: null });
  });

  it('are repeated by another process where the first died in the middle', async () => {
    const dead = await leasesOf().claim('migrations', 'dead', 300);
    const records = new MigrationRecords(database.connection);
    expect(await records.begin({ name: 'one', owner: 'dead', fence: dead?.fence ?? 0 }, clock.now())).toBe(
      true,
    );
    let runs = 0;
    await processOf('next', [migration('one', () => Promise.resolve((runs += 1)))]).before();
    expect(runs).toBe(1);
    expect(await record('one')).toMatchObject({ state: 'done', owner: 'next', tries: 2 });
  });

  it('hear from a process that lost its turn no more: it ends its writes, and its word does not count', async () => {
    const first = processOf('first', [
      migration('one', async (turn) => {
        turn.mustBeHeld();
        // the database's clock finds the lease over, as after a long pause of the process
        await rows('leases').updateOne({ _id: 'migrations' }, { $set: { dueAt: new Date(0) } });
        await processOf('second', [migration('one')]).before();
        await once(turn.signal, 'abort');
        turn.mustBeHeld();
      }),
    ]);
    await first.before();
    expect(await record('one')).toMatchObject({ state: 'done', owner: 'second', tries: 2 });
    const late = { name: 'one', owner: 'first', fence: ((await record('one'))?.fence ?? 0) - 1 };
    const records = new MigrationRecords(database.connection);
    expect(await records.begin(late, clock.now())).toBe(false);
    expect(await records.finish(late, clock.now())).toBe(false);
    expect(await records.fail(late, 'late')).toBe(false);
  });

  it('belong to the latest lease that began them', async () => {
    const records = new MigrationRecords(database.connection);
    const [early, late] = [4, 5].map((fence) => ({ name: 'one', owner: `with ${fence}`, fence }));
    if (!early || !late) throw new Error('two tries');
    expect(await records.begin(late, clock.now())).toBe(true);
    expect(await records.begin(late, clock.now())).toBe(false);
    expect(await records.begin(early, clock.now())).toBe(false);
    expect(await records.finish(early, clock.now())).toBe(false);
    expect(await records.fail(early, 'late')).toBe(false);
    expect(await record('one')).toMatchObject({ state: 'begun', owner: 'with 5', tries: 1 });
    expect(await records.finish(late, clock.now())).toBe(true);
  });

  it('end the start of a process where they fail, with their name, and are tried by the next', async () => {
    const failing = migration('one', () => Promise.reject(new Error('two workers have one name')));
    const never = migration('two', () => Promise.reject(new Error('came after one that failed')));
    await expect(processOf('a', [failing, never]).before()).rejects.toThrow('the migration one failed');
    expect(await record('one')).toMatchObject({ state: 'failed', error: 'two workers have one name' });
    expect(await record('two')).toBeNull();
    await processOf('b', [migration('one')]).before();
    expect(await record('one')).toMatchObject({ state: 'done', tries: 2, error: null });
  });

  it('tell why they failed, also where that cannot be recorded', async () => {
    const records = recordsOf();
    jest.spyOn(records, 'fail').mockRejectedValue(new Error('away'));
    const failing = migration('one', () => Promise.reject(new Error('two workers have one name')));
    await expect(processOf('a', [failing], { records }).before()).rejects.toMatchObject({
      message: 'the migration one failed',
      cause: { message: 'two workers have one name' },
    });
    expect(reported).toEqual(['migrate: note the failure of one: away']);
  });

  it.each([
    ['are done', () => Promise.resolve(), 'done'],
    ['have failed', () => Promise.reject(new Error('not yet')), 'failed'],
  ] as const)('that %s stay so where the lease cannot be given back', async (_what, run, state) => {
    const leases = leasesOf();
    jest.spyOn(leases, 'release').mockRejectedValue(new Error('away'));
    const outcome = await processOf('a', [migration('one', run)], { leases })
      .before()
      .catch((error: Error) => error.message);
    expect(outcome).toBe(state === 'done' ? undefined : 'the migration one failed');
    expect(await record('one')).toMatchObject({ state });
    expect(reported).toEqual(['migrate: give back the lease: away']);
  });

  it('that go on beside do not hold up the start, and are tried again where they fail', async () => {
    let tries = 0;
    const beside = migration(
      'one',
      () => ((tries += 1) < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
      'beside',
    );
    const one = processOf('a', [beside]);
    await one.before();
    expect(tries).toBe(0);
    one.start();
    await eventually(async () => expect(await record('one')).toMatchObject({ state: 'done', tries: 3 }));
    expect(reported).toEqual(Array(2).fill('migrate: one: the migration one failed'));
  });

  it('that go on beside end with the application, and are repeated by the next', async () => {
    let begun = 0;
    const endless = migration('one', ({ signal }) => ((begun += 1), once(signal, 'abort')), 'beside');
    const one = processOf('a', [endless]);
    one.start();
    await eventually(() => expect(begun).toBe(1));
    await one.stop();
    expect(reported).toEqual([]);
    const next = processOf('b', [migration('one', () => Promise.resolve(), 'beside')]);
    next.start();
    await eventually(async () => expect(await record('one')).toMatchObject({ state: 'done', owner: 'b' }));
  });

  it('of a newer version are left alone by an older one, which goes on', async () => {
    const records = new MigrationRecords(database.connection);
    await records.begin({ name: 'of-a-newer-version', owner: 'new', fence: 1 }, clock.now());
    const lease = await leasesOf().claim('migrations', 'new', 60_000);
    await processOf('old', []).before();
    expect(await record('of-a-newer-version')).toMatchObject({ state: 'begun', owner: 'new' });
    expect(lease && (await leasesOf().release(lease))).toBe(true);
  });
});
