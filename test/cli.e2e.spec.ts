import { storeCollection } from '../src/event-store';
import { ApiClient } from './support/api-client';
import { type AppProcess, compileApp, startApp } from './support/app-process';
import { runCliProcess } from './support/cli-process';
import { openTestDatabase, type TestDatabase } from './support/test-database';

const ADMIN_KEY = 'admin-key-of-the-tests-00000000000';
const WITHIN_MS = 120_000;

/** The tools as processes of their own, beside an application that serves. */
describe('the command line', () => {
  let database: TestDatabase;
  let app: AppProcess;
  let api: ApiClient;
  let settings: Record<string, string>;

  const collection = (name: string) => storeCollection<{ _id: string }>(database.connection, name);
  const cli = (...args: string[]) => runCliProcess(settings, ...args);

  beforeAll(async () => {
    compileApp();
    database = await openTestDatabase();
    settings = {
      FLEET_MONGODB_URI: database.uri,
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    };
    const aws = { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
    app = await startApp({
      ...{ ...settings, ...aws, FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY },
      // nobody answers there: what is created stays PENDING
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    });
    api = new ApiClient(app.url, ADMIN_KEY);
  }, WITHIN_MS);

  afterAll(async () => {
    await app.kill();
    await database.drop();
  });

  it(
    'repairs the list of workers, and finds what was changed in the history',
    async () => {
      const order = { name: 'course', awsRegion: 'us-east-1', instanceType: 'c5.2xlarge', amiName: 'cml-*' };
      const { body: worker } = await api.post('/api/v1/workers', order);
      const names = async () =>
        (await api.get('/api/v1/workers')).body.items.map(({ name }: { name: string }) => name);
      expect(await names()).toEqual(['course']);
      await collection('workers').updateOne({ _id: worker.id }, { $set: { name: 'damaged' } });
      await collection('workers').insertOne({ _id: 'nobody' });
      const rebuilt = await cli('rebuild-read-model');
      expect(rebuilt).toMatchObject({ status: 0, out: expect.stringContaining('1 removed') });
      expect(await names()).toEqual(['course']);

      const sound = await cli('verify-audit');
      expect(sound).toMatchObject({ status: 0, out: expect.stringContaining('Nothing was found.') });
      const [, anchor = ''] = /^anchor +(\S+)$/m.exec(sound.out) ?? [];
      expect(anchor).toMatch(/^\d+:k1:/);

      const _id = `worker-${worker.id}:0000000001`;
      await collection('es_commits').updateOne({ _id }, { $set: { 'meta.actor': 'user:nobody' } });
      const found = await cli('verify-audit', '--anchor', anchor, '--json');
      expect(found.status).toBe(1);
      expect(JSON.parse(found.out)).toMatchObject({
        compared: { position: Number(anchor.split(':')[0]) },
        counts: { 'commit-changed': 1 },
        findings: [{ kind: 'commit-changed', id: _id }],
      });
      expect((await api.get('/health/live')).status).toBe(200);
    },
    WITHIN_MS,
  );
});
