import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WrongUsage } from './cli-error';
import { type AccessOptions, accessOf } from './server-access';

describe('where the server is, and the key for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cml-fleet-cli-'));
  const file = join(folder, 'key');
  writeFileSync(file, 'cmlf_of-a-file\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (options: AccessOptions, env: Record<string, string> = {}) => {
    const warnings: string[] = [];
    const io = {
      ...{
        env,
        out: () => undefined,
        err: (line: string) => void warnings.push(line),
        now: () => new Date(0),
      },
      ...{ pause: () => Promise.resolve(), signal: new AbortController().signal },
    };
    const { url, key } = accessOf(options, io);
    return { url, key: key.reveal(), warnings };
  };

  it('come from the environment, and options go before it', () => {
    expect(read({}, { CML_FLEET_URL: 'https://fleet.example.org/', CML_FLEET_KEY: 'cmlf_a' })).toEqual({
      ...{ url: 'https://fleet.example.org', key: 'cmlf_a', warnings: [] },
    });
    expect(read({}, { CML_FLEET_KEY_FILE: file })).toMatchObject({
      ...{ url: 'http://127.0.0.1:3000', key: 'cmlf_of-a-file' },
    });
    expect(read({ url: 'http://[::1]:9', keyFile: file }, { CML_FLEET_KEY: 'cmlf_a' })).toEqual({
      ...{ url: 'http://[::1]:9', key: 'cmlf_of-a-file', warnings: [] },
    });
  });

  it('warn where others may see the key', () => {
    expect(read({ key: 'cmlf_b' }).warnings).toEqual([expect.stringContaining('history of the shell')]);
    expect(read({ url: 'http://fleet.example.org' }, { CML_FLEET_KEY: 'k' }).warnings).toEqual([
      expect.stringContaining('without encryption'),
    ]);
  });

  it.each<[string, AccessOptions, Record<string, string>]>([
    ['no key', {}, {}],
    ['two keys', {}, { CML_FLEET_KEY: 'a', CML_FLEET_KEY_FILE: file }],
    ['a file that is not there', { keyFile: join(folder, 'none') }, {}],
    ['a key that is two lines', { key: 'one\ntwo' }, {}],
    ['no URL', { url: 'fleet' }, { CML_FLEET_KEY: 'a' }],
    ['a URL of a file', { url: 'file:///etc/passwd' }, { CML_FLEET_KEY: 'a' }],
    ['a URL with a password', { url: 'https://me:secret@fleet.example.org' }, { CML_FLEET_KEY: 'a' }],
  ])('are refused with a sentence: %s', (_, options, env) => {
    expect(() => read(options, env)).toThrow(WrongUsage);
    expect(() => read(options, env)).not.toThrow(/one\ntwo/);
  });
});
