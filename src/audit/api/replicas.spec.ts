import { type Connection } from 'mongoose';
import { CqrsModule } from '@nestjs/cqrs';
import { connect, type SseConnection } from '../../../test/support/sse-client';
import { connectTo, openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { AccessModule } from '../../access';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { Secret } from '../../kernel/secret';
import { AuditModule } from '../audit.module';
import { type AuditApp, startAuditApp, workerId, Writer } from '../testing/audit-app';

const WORKERS = [1, 2, 3];
const ROOT_KEY = 'the-first-key-of-the-first-admin-1234';

/** Two applications on one database, as two replicas. */
describe('two replicas on MongoDB', () => {
  let database: TestDatabase;
  let second: Connection;
  let replicas: AuditApp[];
  beforeAll(async () => {
    database = await openTestDatabase();
    second = await connectTo(database.uri);
    replicas = [
      await startAuditApp({ database: database.connection }),
      await startAuditApp({ database: second }),
    ];
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await second.close();
    await database.drop();
  });

  /** Both write to the log at the same time; each worker has one writer, whose commits have one to three events. */
  const writeAll = (commits: number) =>
    Promise.all(
      WORKERS.map(async (worker, index) => {
        const { store } = replicas[index % 2] ?? failed();
        const writer = new Writer(store, `writer-${worker}`);
        for (let count = 0; count < commits; count += 1) await writer.append(worker, 1 + (count % 3));
      }),
    );

  it('give a client that changes between them every event once, while both write', async () => {
    const commits = 30;
    const expected = WORKERS.length * commits * 2;
    const writing = writeAll(commits);
    const got: { id: string; subject: string; version: number }[] = [];
    let lastEventId: string | null = '0';
    for (let turn = 0; got.length < expected; turn += 1) {
      const filters = { workerIds: WORKERS.map(workerId).join() };
      const stream: SseConnection = await (replicas[turn % 2] ?? failed()).follow({ lastEventId, filters });
      const wanted = Math.min(1 + ((turn * 7) % 13), expected - got.length);
      for (const { id, data } of await stream.take(wanted)) {
        const { subject, version } = JSON.parse(data) as { subject: string; version: number };
        got.push({ id, subject, version });
      }
      lastEventId = stream.lastEventId;
    }
    await writing;
    const log = await (replicas[0] ?? failed()).store.readLog(0, 10_000, {
      streams: WORKERS.map((worker) => `worker-${workerId(worker)}`),
    });
    const places = log.flatMap(({ position, commit }) =>
      commit.events.map((_, index) => `${position}.${index}`),
    );
    expect(got.map(({ id }) => id)).toEqual(places);
    for (const worker of WORKERS) {
      const versions = got
        .filter(({ subject }) => subject === workerId(worker))
        .map(({ version }) => version);
      expect(versions).toEqual(Array.from({ length: commits * 2 }, (_, index) => index + 1));
    }
  });

  it('both end the streams of a key that is revoked at either', async () => {
    const access = () =>
      AccessModule.forRoot({ persistence: 'mongo', bootstrapKey: new Secret(ROOT_KEY), onGenerated: null });
    const start = (connection: Connection): Promise<HttpApp> => {
      const keys = access();
      const imports = [CqrsModule.forRoot(), keys, AuditModule.forRoot({ imports: [keys] })];
      return startHttpApp({ imports, roleKeys: false, database: connection });
    };
    const [here, there] = [await start(database.connection), await start(second)];
    try {
      const headers = { Authorization: `Bearer ${ROOT_KEY}` };
      const body = { name: 'watcher', role: 'viewer' };
      const made = (await here.call('POST', '/api/v1/api-keys', { headers, body })).body as {
        id: string;
        key: string;
      };
      const url = `${here.url}/api/v1/events/stream`;
      const stream = await connect({ url, key: made.key });
      const types: string[] = [];
      const reading = (async () => {
        for await (const { event } of stream) types.push(event);
      })();
      const revoked = Date.now();
      expect((await there.call('DELETE', `/api/v1/api-keys/${made.id}`, { headers })).status).toBe(204);
      await reading;
      expect(Date.now() - revoked).toBeLessThan(20_000);
      expect(stream.endedBy).toBe('server');
      await expect(connect({ url, key: made.key })).rejects.toMatchObject({ status: 401 });
      expect(
        JSON.stringify((await here.call('GET', '/api/v1/events?types=api-key.*', { headers })).body),
      ).not.toContain('"hash"');
    } finally {
      await here.close();
      await there.close();
    }
  });
});

function failed(): never {
  throw new Error('no replica');
}
