import { storeCollection } from '../src/event-store';
import { SystemClock } from '../src/kernel/clocks';
import { RandomIds } from '../src/kernel/ids';
import { Secret } from '../src/kernel/secret';
import { MongoSecretRows, SecretCipher } from '../src/secrets';
import { type SealedSecret } from '../src/secrets/secret-cipher';
import { SealedSecretVault } from '../src/secrets/sealed-secret-vault';
import { ApiClient } from './support/api-client';
import { type AppProcess, compileApp, startApp } from './support/app-process';
import { runCliProcess, startCliProcess } from './support/cli-process';
import { eventually } from './support/eventually';
import { openTestDatabase, type TestDatabase } from './support/test-database';

const ADMIN_KEY = 'admin-key-of-the-tests-00000000000';
const WITHIN_MS = 200_000;
const SECRETS = 2_000;
const OLD = { kid: 'k1', key: Buffer.alloc(32, 1) };
const NEW = { kid: 'k2', key: Buffer.alloc(32, 2) };
const ringOf = (...keys: (typeof OLD)[]) =>
  keys.map(({ kid, key }) => `${kid}:${key.toString('base64')}`).join(',');

/** rotate-secrets as a process of its own, beside an application that serves. */
describe('rotate-secrets', () => {
  let database: TestDatabase;
  let app: AppProcess | null = null;
  let api: ApiClient;
  let rows: MongoSecretRows;

  const settings = (ring: string) => ({ FLEET_MONGODB_URI: database.uri, FLEET_SECRETS_KEYS: ring });
  const vault = (...ring: (typeof OLD)[]) =>
    new SealedSecretVault(rows, new SecretCipher(ring), new RandomIds(), new SystemClock());
  const serve = async (ring: string) => {
    await app?.kill();
    app = await startApp({
      ...{ ...settings(ring), AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
      ...{ FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });
    api = new ApiClient(app.url, ADMIN_KEY);
  };
  const aWebhook = async (): Promise<string> => {
    const made = await api.post('/api/v1/webhooks', {
      url: 'https://hooks.example.com/x',
      types: ['none.*'],
    });
    expect([made.status, made.body]).toEqual([201, expect.anything()]);
    return made.body.secret as string;
  };
  /** All secrets of the vault as text, read with this ring. */
  const all = async (...ring: (typeof OLD)[]) => {
    const cipher = new SecretCipher(ring);
    const documents = storeCollection<SealedSecret & { _id: string }>(database.connection, 'secrets');
    const found = await documents.find().toArray();
    return Promise.all(found.map(async (it) => (await cipher.open(it._id, it)).reveal()));
  };

  beforeAll(async () => {
    compileApp();
    database = await openTestDatabase();
    rows = await MongoSecretRows.open(database.connection);
  }, WITHIN_MS);
  afterAll(async () => {
    await app?.kill();
    await database.drop();
  });

  it(
    'is killed in the middle, goes on where it was, and says when the old key may leave',
    async () => {
      await serve(ringOf(OLD));
      const texts = [await aWebhook()];
      const documents = Array.from({ length: SECRETS }, async (_, index) => {
        const ref = `ref-${String(index).padStart(5, '0')}`;
        const sealed = await new SecretCipher([OLD]).seal(ref, new Secret(`secret ${index}`));
        return { _id: ref, ...sealed, createdAt: new Date() };
      });
      await storeCollection<{ _id: string }>(database.connection, 'secrets').insertMany(
        await Promise.all(documents),
      );
      texts.push(...documents.map((_, index) => `secret ${index}`));
      const fingerprint = (await rows.find('ref-00007'))?.fingerprint;

      await serve(ringOf(NEW, OLD));
      const ring = settings(ringOf(NEW, OLD));
      const counted = await runCliProcess(ring, 'rotate-secrets', '--dry-run');
      expect(counted).toMatchObject({ status: 1, out: expect.stringMatching(/^2,001 to be encrypted anew/) });

      const { child, result } = startCliProcess(ring, 'cli', 'rotate-secrets');
      await eventually(async () => {
        expect((await rows.countByKey()).get('k2') ?? 0).toBeGreaterThan(200);
      }, WITHIN_MS);
      child.kill('SIGKILL');
      expect((await result).status).toBeNull();
      const halfway = (await rows.countByKey()).get('k2') ?? 0;
      expect(halfway).toBeLessThan(SECRETS);
      expect((await all(NEW, OLD)).sort()).toEqual([...texts].sort());

      const finishing = runCliProcess(ring, 'rotate-secrets');
      for (let count = 0; count < 10; count += 1) texts.push(await aWebhook());
      const finished = await finishing;
      expect([finished.status, finished.err.replace(/^secrets: .*$/gm, '').trim()]).toEqual([0, '']);
      expect(finished.out.trim().split('\n')).toEqual([
        expect.stringMatching(/^1?,?\d{3} encrypted anew$/),
        '',
        expect.stringMatching(/^k2 {2}2,0\d\d secrets; the first key, which encrypts$/),
        'k1  0 secrets: no secret needs it any more, once every replica has k2 first. It sealed a part of the history: ' +
          'it stays behind k2, or that part cannot be verified',
      ]);
      expect((await all(NEW)).sort()).toEqual([...texts].sort());
      expect(await rows.find('ref-00007')).toMatchObject({ kid: 'k2', fingerprint });

      const again = await runCliProcess(ring, 'rotate-secrets');
      expect(again).toMatchObject({ status: 0, out: expect.stringMatching(/^0 encrypted anew/) });
    },
    WITHIN_MS,
  );

  it(
    'ends with 1 for what it cannot read, and names the key that is missing',
    async () => {
      const lost = { kid: 'k9', key: Buffer.alloc(32, 9) };
      await vault(lost).put(new Secret('lost'));
      const { status, out, err } = await runCliProcess(settings(ringOf(NEW, OLD)), 'rotate-secrets');
      expect([status, err]).toEqual([
        1,
        expect.stringContaining('"k9", which FLEET_SECRETS_KEYS does not hold'),
      ]);
      expect(out).toMatch(/^0 encrypted anew, 1 CANNOT BE READ\n/);
      expect(out).toMatch(/^k9 {2}1 secret: it must stay in the ring$/m);
      expect(await runCliProcess(settings(''), 'rotate-secrets')).toMatchObject({ status: 2 });
    },
    WITHIN_MS,
  );
});
