import { FaultyNetwork } from '../src/event-store/testing/faulty-network';
import { type ApiAnswer, ApiClient } from './support/api-client';
import { compileApp, startApp } from './support/app-process';
import { eventually } from './support/eventually';
import { ADMIN_KEY, REGION, type SimulatedFleet, startSimulatedFleet } from './support/fleet-process';
import { openTestDatabase, type TestDatabase } from './support/test-database';

/** Machine milliseconds: an operation has 6 s, an append 10 s; the rest is for a busy machine. */
const ANSWER_WITHIN = 16_000;
const RECOVER_WITHIN = 20_000;
const WHOLE = 180_000;

const FAULTS: Record<string, (network: FaultyNetwork) => void> = {
  'hangs both ways': (network) => network.hang(),
  'hangs on the way back': (network) => network.hang('answers'),
  'breaks connections': (network) => network.reset(),
  'is too slow': (network) => network.delay(4_000),
};

interface Timed extends ApiAnswer {
  readonly ms: number;
}

interface Story {
  /** of the worker that was acknowledged before the fault */
  readonly id: string;
  readonly during: Record<'create' | 'patch' | 'snooze' | 'list' | 'show' | 'ready' | 'live', Timed>;
  readonly recoveredAfterMs: number;
  /** each command once more with its key, and again */
  readonly repeated: Record<'create' | 'patch' | 'snooze', ApiAnswer>;
  readonly replayed: Record<'create' | 'snooze', ApiAnswer>;
  readonly listed: ApiAnswer;
}

/** An application of its own for each fault, all on one database and at the same time. */
describe('while the network to the database', () => {
  let database: TestDatabase;
  let fleet: SimulatedFleet;
  const ends: (() => Promise<void>)[] = [];
  const stories = new Map<string, Promise<Story>>();

  beforeAll(async () => {
    compileApp();
    database = await openTestDatabase();
    fleet = await startSimulatedFleet(1);
    for (const [name, fault] of Object.entries(FAULTS)) stories.set(name, live(name, fault));
    await Promise.allSettled(stories.values());
  }, WHOLE);

  afterAll(async () => {
    await Promise.all(ends.map((end) => end()));
    await fleet.simulator.stop();
    await database.drop();
  });

  async function live(name: string, fault: (network: FaultyNetwork) => void): Promise<Story> {
    const label = name.replaceAll(' ', '-');
    const network = await FaultyNetwork.before(database.uri);
    const app = await startApp(fleet.env(network.through(database.uri)));
    ends.push(async () => {
      await app.kill();
      await network.close();
    });
    const api = new ApiClient(app.url, ADMIN_KEY);
    const order = { awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    const acknowledged = await api.post('/api/v1/workers', { ...order, name: `before-${label}` });
    expect(acknowledged.status).toBe(201);
    const { body: before } = acknowledged;
    const worker = `/api/v1/workers/${before.id}`;
    const create = () =>
      api.post('/api/v1/workers', { ...order, name: `during-${label}` }, { 'idempotency-key': label });
    const snooze = () =>
      api.post(`${worker}/snooze`, { minutes: 90, reason: label }, { 'idempotency-key': label });
    const patch = () => api.patch(worker, { tags: { fault: label } });

    fault(network);
    const during = await inParallel({
      create: timed(create),
      patch: timed(patch),
      snooze: timed(snooze),
      list: timed(() => api.get('/api/v1/workers')),
      show: timed(() => api.get(worker)),
      ready: timed(() => api.get('/health/ready')),
      live: timed(() => api.get('/health/live')),
    });

    network.heal();
    const healed = Date.now();
    const repeated = await inParallel({ create: done(create), patch: done(patch), snooze: done(snooze) });
    await eventually(async () => expect((await api.get('/health/ready')).status).toBe(200), RECOVER_WITHIN);
    const recoveredAfterMs = Date.now() - healed;
    const replayed = await inParallel({ create: create(), snooze: snooze() });
    const listed = await api.get(`/api/v1/workers?q=${label}&limit=200`);
    return { id: before.id, during, recoveredAfterMs, repeated, replayed, listed };
  }

  describe.each(Object.keys(FAULTS))('%s', (name) => {
    let story: Story;
    beforeAll(async () => {
      story = (await stories.get(name)) as Story;
    });

    it('commands and reads are answered 503 in time', () => {
      for (const what of ['create', 'patch', 'snooze', 'list', 'show'] as const) {
        const { status, body, headers, ms } = story.during[what];
        expect([what, status, body.code]).toEqual([what, 503, 'store-unavailable']);
        expect([what, headers.get('retry-after')]).toEqual([what, '5']);
        expect(ms).toBeLessThan(ANSWER_WITHIN);
      }
    });

    it('the process is alive, and not ready', () => {
      const { ready, live: alive } = story.during;
      expect(alive).toMatchObject({ status: 200 });
      // readiness gives the database 2 s to answer, liveness does not ask it
      expect(alive.ms).toBeLessThan(Math.max(2_000, ready.ms));
      expect(ready).toMatchObject({ status: 503, body: { error: { store: { status: 'down' } } } });
      // an operation has 5 s
      expect(ready.ms).toBeLessThan(4_500);
    });

    it('nothing is lost, and repeated commands are carried out once', async () => {
      expect(story.recoveredAfterMs).toBeLessThan(RECOVER_WITHIN);
      expect(story.repeated).toMatchObject({
        create: { status: 201 },
        patch: { status: 200 },
        snooze: { status: 200 },
      });
      const { id } = story.repeated.create.body;
      expect(story.replayed).toMatchObject({
        create: { status: 201, body: { id } },
        snooze: { status: 200, body: { id: story.id } },
      });
      expect(await typesIn(id)).toMatchObject({ 'worker.created': 1 });
      expect(await typesIn(story.id)).toMatchObject({
        'worker.created': 1,
        'worker.snooze-updated': 1,
        'worker.details-updated': 1,
      });
      expect(story.listed.body.items.map((item: { id: string }) => item.id).sort()).toEqual(
        [id, story.id].sort(),
      );
    });
  });

  /** How often each event stands in the stream of a worker. */
  async function typesIn(id: string): Promise<Record<string, number>> {
    const commits = database.connection.collection<{ events: { type: string }[] }>('es_commits');
    const found = await commits.find({ stream: `worker-${id}` }).toArray();
    const counts: Record<string, number> = {};
    for (const { type } of found.flatMap(({ events }) => events)) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }
});

async function timed(call: () => Promise<ApiAnswer>): Promise<Timed> {
  const start = Date.now();
  return { ...(await call()), ms: Date.now() - start };
}

/** Repeated as a client does, until it is done. */
function done(call: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  return eventually(async () => {
    const answer = await call();
    if (answer.status >= 400) throw new Error(`${answer.status} ${answer.body.code}`);
    return answer;
  }, RECOVER_WITHIN);
}

async function inParallel<T extends Record<string, Promise<unknown>>>(
  given: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const entries = Object.entries(given).map(async ([key, promise]) => [key, await promise] as const);
  return Object.fromEntries(await Promise.all(entries)) as { [K in keyof T]: Awaited<T[K]> };
}
