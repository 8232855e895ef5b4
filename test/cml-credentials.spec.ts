import { CmlServers } from '../src/telemetry';
import { HOUR } from '../src/kernel/clocks';
import { SecretsSchedules, SecretVault } from '../src/secrets';
import { Secret } from '../src/kernel/secret';
import { type WorkerRecord } from '../src/workers';
import { WorkerRepository } from '../src/workers/domain/ports';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

const PASSWORD = 'correct horse battery';

describe('an account of its own on a CML server', () => {
  let app: MemoryApp;
  let path: string;
  let id: string;

  beforeAll(async () => {
    app = await startMemoryApp();
    const order = { name: 'lab', awsRegion: 'us-east-1', instanceType: 'c5.2xlarge', amiName: 'cml-*' };
    id = (await app.admin.post('/api/v1/workers', order)).body.id;
    path = `/api/v1/workers/${id}`;
  });
  afterAll(() => app.close());

  const part = <T>(token: abstract new (...args: never[]) => T): T => app.app.get(token, { strict: false });
  const put = (body: object, headers = {}) => app.admin.send('PUT', `${path}/cml-credentials`, body, headers);
  const record = async (): Promise<WorkerRecord> => {
    const worker = await part(WorkerRepository).getById(id);
    if (!worker) throw new Error('it is not there');
    return worker.state;
  };

  it('is taken for that server, shown by its user name only, and swept when nobody needs it', async () => {
    expect((await app.admin.get(path)).body.cmlUsername).toBeNull();
    const { version } = (await app.admin.get(path)).body;
    const set = await put({ username: 'lab-fleet', password: PASSWORD }, { 'If-Match': `"${version}"` });
    expect(set).toMatchObject({ status: 200, body: { cmlUsername: 'lab-fleet', version: version + 1 } });
    expect(set.headers.get('etag')).toBe(`"${version + 1}"`);
    expect(await put({ username: 'x', password: 'y' }, { 'If-Match': `"${version}"` })).toMatchObject({
      ...{ status: 412, body: { code: 'precondition-failed' } },
    });

    const running = { ...(await record()), status: 'RUNNING', publicIp: '203.0.113.7' } as WorkerRecord;
    const credentials = part(CmlServers).of(running)?.credentials;
    expect(credentials).toEqual({ username: 'lab-fleet', passwordRef: running.cmlCredentials?.passwordRef });
    const ref = credentials?.passwordRef ?? '';
    expect((await part(SecretVault).reveal(ref))?.reveal()).toBe(PASSWORD);

    const orphan = await part(SecretVault).put(new Secret('nobody names it'));
    const sweep = async () => {
      await part(SecretsSchedules).sweepSecrets.run();
      return (await Promise.all([ref, orphan.ref].map((it) => part(SecretVault).reveal(it)))).map(Boolean);
    };
    app.clock.advance(23 * HOUR);
    expect(await sweep()).toEqual([true, true]);
    app.clock.advance(2 * HOUR);
    expect(await sweep()).toEqual([true, false]);

    const history = await app.admin.get(`${path}/events`);
    for (const shown of [set.body, history.body, app.log]) {
      expect(JSON.stringify(shown)).not.toContain('horse');
    }
    const cleared = await app.admin.delete(`${path}/cml-credentials`);
    expect(cleared).toMatchObject({ status: 200, body: { cmlUsername: null } });
    expect(await part(SecretVault).reveal(ref)).toBeNull();
    expect(part(CmlServers).of({ ...running, ...{ cmlCredentials: null } })?.credentials).toBeNull();
  });

  it('has a user name of 1 to 32 characters, and a password', async () => {
    const wrong = await put({ username: 'x'.repeat(33), password: '' });
    expect([wrong.status, wrong.body.errors.map((it: { pointer: string }) => it.pointer)]).toEqual([
      422,
      ['/username', '/password'],
    ]);
    expect(JSON.stringify(await put({ username: 'a', password: { text: PASSWORD } }))).not.toContain('horse');
  });
});
