import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileApp } from '../support/app-process';
import { eventually } from '../support/eventually';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

const WITHIN_MS = 120_000;

/** Whole applications that find a database of an earlier version. */
describe('applications with a migration', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];

  beforeAll(() => compileApp());
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await database.drop();
  });

  const start = (env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [join(__dirname, 'migrating-app.cjs')], {
      env: {
        PATH: process.env.PATH,
        FLEET_MONGODB_URI: database.uri,
        FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
        FLEET_BOOTSTRAP_ADMIN_KEY: 'admin-key-of-the-tests-00000000000',
        AWS_ACCESS_KEY_ID: 'none',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const serving = (child: ChildProcess): Promise<void> =>
    new Promise((resolve, reject) => {
      child.once('exit', (status) => reject(new Error(`it ended with ${status} before it served`)));
      if (child.stdout) {
        createInterface(child.stdout).on('line', (line) => line.includes('"serving"') && resolve());
      }
    });
  const steps = async () =>
    (await database.connection.collection('steps').find().sort({ _id: 1 }).toArray()).map(
      ({ pid, step }) => ({ pid, step }),
    );
  const record = () => database.connection.collection('migrations').findOne();

  it(
    'that start at once do it once, and all serve',
    async () => {
      const both = [start(), start()];
      await Promise.all(both.map(serving));
      const done = await steps();
      expect(done.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
      expect(new Set(done.map(({ pid }) => pid)).size).toBe(1);
      expect(await record()).toMatchObject({ _id: 'leave-steps', state: 'done', tries: 1 });
    },
    WITHIN_MS,
  );

  it(
    'repeat it from the beginning after a kill -9 in the middle, and do not serve before',
    async () => {
      const first = start({ HANG: '1' });
      await eventually(async () => expect(await steps()).toHaveLength(3), WITHIN_MS);
      first.kill('SIGKILL');
      const second = start();
      await serving(second);
      expect(await steps()).toEqual([
        ...[1, 2, 3].map((step) => ({ pid: first.pid, step })),
        ...[1, 2, 3, 4].map((step) => ({ pid: second.pid, step })),
      ]);
      expect(await record()).toMatchObject({ state: 'done', tries: 2 });
    },
    WITHIN_MS,
  );
});
