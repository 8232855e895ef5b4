import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '..');

interface Outcome {
  readonly code: number;
  readonly text: string;
}

function run(script: string, args: readonly string[], cwd = ROOT): Promise<Outcome> {
  return new Promise((done) => {
    const file = join(ROOT, 'scripts', script);
    execFile(process.execPath, [file, ...args], { cwd }, (error: ExecFileException | null, out, err) => {
      done({ code: error ? Number(error.code) : 0, text: out + err });
    });
  });
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dependencies-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function lockfileOf(packages: object): Promise<void> {
  const root = { name: 'app', version: '1.0.0', dependencies: { left: '1.0.0' } };
  const lockfile = { name: 'app', version: '1.0.0', lockfileVersion: 3, packages: { '': root, ...packages } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(root));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
}

describe('the licence check', () => {
  it.each([
    ['MIT', 0],
    ['(MIT OR GPL-3.0-only)', 0],
    ['(MIT AND GPL-3.0-only)', 1],
    ['AGPL-3.0-only', 1],
    ['SEE LICENSE IN LICENSE.md', 1],
    [undefined, 1],
  ])('answers a package under %s with %i', async (license, code) => {
    await lockfileOf({ 'node_modules/left': { version: '1.0.0', license } });
    const outcome = await run('check-licences.mjs', [folder]);
    expect(outcome.code).toBe(code);
    if (code === 1) expect(outcome.text).toContain(`left: ${license ?? 'no licence is named'}`);
  });

  it('leaves alone what is not delivered', async () => {
    await lockfileOf({ 'node_modules/left': { version: '1.0.0', license: 'GPL-3.0-only', dev: true } });
    expect((await run('check-licences.mjs', [folder])).code).toBe(0);
  });
});

describe('the audit', () => {
  let registry: Server;
  afterEach(() => new Promise((done) => registry.close(done)));

  /** A registry that answers as npm's does, from one list of advisories. */
  async function registryWith(answer: RequestListener): Promise<string[]> {
    registry = createServer(answer);
    await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
    const { port } = registry.address() as AddressInfo;
    return [`--registry=http://127.0.0.1:${port}/`, '--fetch-retries=0', `--cache=${join(folder, 'cache')}`];
  }

  const advising =
    (severity: string | null): RequestListener =>
    ({ url }, response) => {
      const advisory = {
        id: 1,
        url: 'https://example.com/1',
        title: 'Bad',
        severity,
        vulnerable_versions: '<2',
      };
      const packument = { name: 'left', versions: { '1.0.0': { name: 'left', version: '1.0.0' } } };
      const advisories = severity === null ? {} : { left: [advisory] };
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(url?.includes('advisories') ? advisories : packument));
    };

  it.each([
    [null, 0],
    ['moderate', 0],
    ['high', 1],
    ['critical', 1],
  ])('answers a weakness of severity %s with %i', async (severity, code) => {
    const options = await registryWith(advising(severity));
    await lockfileOf({ 'node_modules/left': { version: '1.0.0' } });
    const outcome = await run('check-audit.mjs', options, folder);
    expect([outcome.code, outcome.text]).toEqual([
      code,
      expect.stringContaining(`${code} of them high or critical`),
    ]);
    if (code === 1) expect(outcome.text).toContain(`${severity}: left`);
  });

  it('calls it unknown where a registry keeps no advisories, and fails then only if it is asked to', async () => {
    const options = await registryWith((_, response) => response.writeHead(405).end());
    await lockfileOf({ 'node_modules/left': { version: '1.0.0' } });
    expect(await run('check-audit.mjs', options, folder)).toEqual({
      code: 0,
      text: expect.stringContaining('unknown') as string,
    });
    expect((await run('check-audit.mjs', ['--strict', ...options], folder)).code).toBe(1);
  });
});

it('the bill of materials names each delivered package with its version', async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts.sbom).toBe('npm sbom --sbom-format cyclonedx --omit dev');
  const [command = '', ...args] = (scripts.sbom ?? '').split(' ');
  const { stdout: made } = await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26 });
  const { components } = JSON.parse(made) as { components: { name: string; version: string }[] };
  const lockfile = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const { version } = lockfile.packages['node_modules/mongoose'] ?? {};
  expect(components.find(({ name }) => name === 'mongoose')).toMatchObject({ version });
  expect(components.find(({ name }) => name === 'jest')).toBeUndefined();
});
