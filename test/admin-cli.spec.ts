import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationsSchedules } from '../src/operations';
import { compileApp } from './support/app-process';
import { type CliResult, startCliProcess } from './support/cli-process';
import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** The command line for admins as a process of its own, against the whole application. */
describe('the command line for admins', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;
  let key: string;
  const folder = mkdtempSync(join(tmpdir(), 'cml-fleet-cli-'));

  beforeAll(async () => {
    compileApp();
    app = await startMemoryApp();
    fleet = new FleetSteps(app);
    key = await app.keyOf('admin');
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const begin = (as: string, ...args: string[]) =>
    startCliProcess({ CML_FLEET_URL: app.admin.url, CML_FLEET_KEY: as }, 'admin-cli', ...args);
  const run = (...args: string[]): Promise<CliResult> => begin(key, ...args).result;
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out);

  it('shows workers as a table and as the API has them, finds one by name, and changes it', async () => {
    const { body: worker } = await fleet.create({ name: 'Routing' });
    const listed = await run('workers', 'list', '--search', 'routing');
    expect(listed).toMatchObject({ status: 0, err: '' });
    expect(listed.out).toMatch(
      /^NAME +STATUS +WANTED .*\nRouting +PENDING +RUNNING +UNAVAILABLE +\? +\? +\? +- /,
    );
    const path = `/api/v1/workers/${worker.id}`;
    expect(await json('workers', 'show', 'routing')).toEqual((await app.admin.get(path)).body);
    expect(await json('workers', 'list', '--limit', '1')).toEqual(
      (await app.admin.get('/api/v1/workers?limit=1')).body,
    );

    const stopped = await run('workers', 'stop', 'ROUTING', 'nobody', '--force', '--reason', 'over');
    expect(stopped.status).toBe(4);
    expect(stopped.out).toMatch(/^Routing +PENDING, STOPPED is wanted\n$/);
    expect(stopped.err).toBe('nobody: There is no worker called nobody.\n');

    const waits = await run('workers', 'connection', worker.id);
    expect(waits).toMatchObject({ status: 1, out: expect.stringMatching(/^not ready {2}/) });
    const explained = await run('reaper', 'explain', 'routing');
    expect(explained).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^not-applicable: .*\n\nRULE /),
    });
    const { items } = await json('events', '--worker', 'routing', '--limit', '1');
    expect(items[0]).toMatchObject({
      type: 'io.cml-fleet.worker.desired-state-updated.v1',
      reason: 'over',
    });
  });

  it('follows events, and tells where to go on when it is interrupted', async () => {
    const { child, result } = begin(key, 'events', '--follow', '--json', '--types', 'worker.created');
    const seen: string[] = [];
    child.stdout?.on('data', (bytes: Buffer) => void seen.push(bytes.toString()));
    await eventually(async () => {
      await fleet.create();
      expect(seen.join('').split('\n').length).toBeGreaterThan(2);
    });
    child.kill('SIGINT');
    const { status, out, err } = await result;
    expect(status).toBe(130);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['io.cml-fleet.worker.created.v2']));
    expect(err).toMatch(/^to go on from here: --after \d+(\.\d+)?\n$/);
  });

  it('makes a key that only its file holds, and revokes it', async () => {
    const file = join(folder, 'key');
    const made = await run('keys', 'create', 'ci', '--role', 'viewer', '--out', file);
    expect(made).toMatchObject({ status: 0, err: '' });
    const text = readFileSync(file, 'utf8').trim();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(made.out).not.toContain(text);
    expect((await run('keys', 'create', 'ci2', '--role', 'viewer', '--out', file)).status).toBe(2);

    const asViewer = (...args: string[]) => begin(text, ...args).result;
    expect(await asViewer('workers', 'list')).toMatchObject({ status: 0 });
    const refused = await asViewer('reaper', 'pause', '--reason', 'x');
    expect(refused.status).toBe(3);
    expect(refused.err).toMatch(/\(forbidden; correlation id [0-9a-f-]+\)\n$/);
    const [, id = ''] = /id (\S+)\n/.exec(made.out) ?? [];
    expect(await run('keys', 'revoke', id)).toMatchObject({ status: 0 });
    const after = await asViewer('workers', 'list', '--json');
    expect([after.status, JSON.parse(after.err).code]).toEqual([3, 'unauthenticated']);
    expect((await run('keys', 'list')).out).not.toContain(id);
  });

  it('simulates a policy from a file, and pauses and resumes the reaper', async () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, '{"idleThresholdMinutes": 30}');
    const span = ['--from', '2027-01-14T08:00:00.000Z', '--to', '2027-01-15T08:00:00.000Z'];
    const { result } = begin(key, 'reaper', 'simulate', file, ...span);
    let ended = false;
    void result.then(() => (ended = true));
    await eventually(async () => {
      await app.app.get(OperationsSchedules, { strict: false }).carryOut.run();
      expect(ended).toBe(true);
    });
    const { status, out } = await result;
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^span +2027-01-14T08:00:00.000Z to 2027-01-15/),
    ]);

    const paused = await run('reaper', 'pause', '--reason', 'exam week');
    expect(paused.out).toMatch(/^automatic stops +paused until somebody resumes them, by \S+: exam week\n/);
    expect((await run('reaper', 'resume', '--reason', 'over')).out).toMatch(/^automatic stops +go on\n/);
    expect(await run('reaper', 'runs')).toMatchObject({ status: 0 });
  });

  it('examines server, clock and key, and says in a sentence that nobody answers', async () => {
    const { findings } = await json('doctor');
    const verdicts = Object.fromEntries(
      findings.map((one: { check: string; verdict: string }) => [one.check, one.verdict]),
    );
    expect(verdicts).toMatchObject({ server: 'ok', key: 'ok', clock: 'ok' });
    const wrong = await begin('cmlf_wrong', 'doctor').result;
    expect(wrong).toMatchObject({ status: 1, out: expect.stringMatching(/^key +BAD /m) });
    const nobody = await startCliProcess(
      { CML_FLEET_URL: 'http://127.0.0.1:9', CML_FLEET_KEY: 'k' },
      'admin-cli',
      ...['workers', 'list'],
    ).result;
    expect(nobody).toMatchObject({
      status: 6,
      out: '',
      err: expect.stringMatching(/^http:\/\/127.0.0.1:9 does not answer: /),
    });
  });
});
