import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { storeCollection } from '../../src/event-store';
import { ApiClient } from '../support/api-client';
import { type AppProcess, compileApp, startApp } from '../support/app-process';
import { ADMIN_KEY, REGION, type SimulatedFleet, startSimulatedFleet } from '../support/fleet-process';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { type Sent, SteadyClient } from './steady-client';

const SHUTDOWN_SECONDS = 10;
const CLIENTS = 12;
/** What a busy machine takes to notice that a process is gone, milliseconds. */
const SLACK_MS = 2_000;

let database: TestDatabase;
let fleet: SimulatedFleet;
let workerIds: string[];

const start = (): Promise<AppProcess> =>
  startApp(
    fleet.env(database.uri, {
      FLEET_SHUTDOWN_SECONDS: String(SHUTDOWN_SECONDS),
      FLEET_RECONCILE_SECONDS: '1',
    }),
  );

beforeAll(async () => {
  compileApp();
  [database, fleet] = await Promise.all([openTestDatabase(), startSimulatedFleet(60)]);
  const app = await start();
  const api = new ApiClient(app.url, ADMIN_KEY);
  workerIds = [];
  for (let n = 0; n < CLIENTS; n += 1) {
    const order = { name: `w${n}`, awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    workerIds.push((await api.post('/api/v1/workers', order)).body.id as string);
  }
  expect(await app.stop()).toBe(0);
});

afterAll(async () => {
  await fleet.simulator.stop();
  await database.drop();
});

/** Stops the process, and says how long it took in milliseconds. */
async function stopped(app: AppProcess): Promise<{ at: number; tookMs: number; status: number | null }> {
  const at = Date.now();
  const status = await app.stop();
  return { at, tookMs: Date.now() - at, status };
}

/** Correlation ids of what is stored, of these. */
async function storedOf(sent: readonly Sent[]): Promise<Set<string>> {
  const ids = sent.map(({ correlationId }) => correlationId);
  const commits = storeCollection<{ _id: string; meta: { correlationId: string } }>(
    database.connection,
    'es_commits',
  );
  const found = await commits.find({ 'meta.correlationId': { $in: ids } }).toArray();
  return new Set(found.map(({ meta }) => meta.correlationId));
}

describe('SIGTERM under load', () => {
  it.each([200, 650, 1_300, 2_100, 3_000])(
    '%i ms after it began: what was sent before is answered, and what was acknowledged is kept',
    async (afterMs) => {
      const app = await start();
      const clients = workerIds.map((id, n) => new SteadyClient(app.url, id, `round-${afterMs}-${n}`));
      const running = Promise.all(clients.map((client) => client.run()));
      await pause(afterMs);
      const { at, tookMs, status } = await stopped(app);
      for (const client of clients) client.stop();
      await running;

      expect(status).toBe(0);
      expect(tookMs).toBeLessThan(SHUTDOWN_SECONDS * 1_000 + SLACK_MS);
      const sent = clients.flatMap((client) => client.sent);
      const before = sent.filter((request) => request.at < at);
      expect(before.length).toBeGreaterThan(0);
      expect(before.filter((request) => request.status !== 200)).toEqual([]);
      const acknowledged = sent.filter((request) => request.what === 'tag' && request.status === 200);
      const stored = await storedOf(acknowledged);
      expect(acknowledged.filter(({ correlationId }) => !stored.has(correlationId))).toEqual([]);
    },
  );

  it('does not wait longer than it may for who sends no end of a request', async () => {
    const app = await start();
    const { hostname, port } = new URL(app.url);
    const sockets: Socket[] = [];
    for (const text of ['', 'POST /api/v1/workers HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{']) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined); // it is cut: that is what is tested
      socket.write(text);
      sockets.push(socket);
    }
    await pause(100);
    const { tookMs } = await stopped(app);
    expect(tookMs).toBeLessThan(SHUTDOWN_SECONDS * 1_000 + SLACK_MS);
    for (const socket of sockets) socket.destroy();
  });
});
