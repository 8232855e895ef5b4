import { readSettings } from './read-settings';
import { warningsAbout } from './setting-warnings';

it('warns of settings that are allowed but probably not meant', () => {
  const names = (env: Record<string, string>) =>
    warningsAbout(readSettings(env)).map((warning) => /FLEET_\w+/.exec(warning)?.[0]);
  const account = { FLEET_CML_USERNAME: 'fleet', FLEET_CML_PASSWORD: 'p' };
  const ring = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  expect(names({ ...account, FLEET_SECRETS_KEYS: ring })).toEqual([]);
  expect(names({ FLEET_PERSISTENCE: 'memory', FLEET_CML_TLS: 'insecure' })).toEqual([
    'FLEET_CML_USERNAME',
    'FLEET_PERSISTENCE',
    'FLEET_CML_TLS',
  ]);
});

it('warns of notices that nobody can act by', () => {
  const slack = { FLEET_NOTICE_SLACK_URL: 'https://hooks.example/x', FLEET_PERSISTENCE: 'memory' };
  const links = (env: Record<string, string>) =>
    warningsAbout(readSettings({ ...slack, ...env })).filter((warning) => warning.includes('links'));
  expect(links({})).toEqual([
    'without FLEET_PUBLIC_URL notices hold no links: nobody can keep a worker by one press',
  ]);
  expect(links({ FLEET_PUBLIC_URL: 'https://fleet.example.com' })).toEqual([]);
});

it('warns of a mail server without anybody to write to, and of what is not stopped then', () => {
  const mail = {
    ...{ FLEET_SMTP_URL: 'smtp://mail.example', FLEET_NOTICE_EMAIL_FROM: 'fleet@example.com' },
    FLEET_PERSISTENCE: 'memory',
  };
  const toWhom = (env: Record<string, string>) =>
    warningsAbout(readSettings({ ...mail, ...env })).filter((warning) => warning.includes('notifyEmails'));
  expect(toWhom({})).toEqual([expect.stringMatching(/FLEET_NOTICE_EMAIL_TO.*is not stopped automatically/)]);
  const others = toWhom({ FLEET_NOTICE_SLACK_URL: 'https://hooks.example/x' });
  expect(others).toEqual([expect.not.stringContaining('not stopped')]);
  expect(toWhom({ FLEET_NOTICE_EMAIL_TO: 'ann@example.com' })).toEqual([]);
});

it('says what is still read without an account of the fleet', () => {
  const ring = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  expect(warningsAbout(readSettings({ FLEET_SECRETS_KEYS: ring }))).toEqual([
    'without FLEET_CML_USERNAME and _PASSWORD only CML servers with an account of their own are read: no other is stopped automatically',
  ]);
});

it('warns of what goes over a network as it is', () => {
  const ring = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  const account = { FLEET_CML_USERNAME: 'fleet', FLEET_CML_PASSWORD: 'p', FLEET_SECRETS_KEYS: ring };
  const mail = { FLEET_NOTICE_EMAIL_FROM: 'f@example.com', FLEET_NOTICE_EMAIL_TO: 'a@example.com' };
  const names = (env: Record<string, string>) =>
    warningsAbout(readSettings({ ...account, FLEET_PUBLIC_URL: 'https://f.example', ...env })).map(
      (warning) => warning.split(/[ =]/, 1)[0],
    );
  expect(names({ FLEET_HOST: '0.0.0.0' })).toEqual(['FLEET_HOST']);
  expect(names({ FLEET_HOST: '0.0.0.0', FLEET_TRUSTED_PROXIES: '10.0.0.0/8' })).toEqual([]);
  expect(names({ FLEET_HOST: '::1' })).toEqual([]);
  expect(names({ ...mail, FLEET_SMTP_URL: 'smtp://mail.example' })).toEqual(['FLEET_SMTP_URL']);
  for (const url of ['smtp://u:p@mail.example', 'smtps://mail.example', 'smtp://127.0.0.1:25']) {
    expect([url, names({ ...mail, FLEET_SMTP_URL: url })]).toEqual([url, []]);
  }
  expect(names({ FLEET_CML_PROXY: 'http://u:p@proxy:3128' })).toEqual(['FLEET_CML_PROXY']);
  expect(names({ FLEET_CML_PROXY: 'http://proxy:3128' })).toEqual([]);
});
