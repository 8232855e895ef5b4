import { readSettings } from '../read-settings';
import { InsecureSettings, judgeStart, refuseInsecureStart } from './secure-start';

const GOOD = {
  NODE_ENV: 'production',
  FLEET_SECRETS_KEYS: 'k1:pZ0S9Wb6mE4yqT1vXc8RkJ2uHn7LgA5dOiF3sYwB+Qo=',
  FLEET_BOOTSTRAP_ADMIN_KEY: '6f1c0a9be27d48538a4e91b3c7d05f26e8',
  FLEET_MONGODB_URI: 'mongodb://fleet:p4ss@db.internal/cml-fleet?tls=true',
};
const refusedOf = (env: Record<string, string>) => {
  const all = { ...GOOD, ...env };
  return judgeStart(readSettings(all), all).refused;
};
const whsec = (bytes: Buffer) => `whsec_${bytes.toString('base64')}`;
const weakRing = `k2:${Buffer.alloc(32, 7).toString('base64')}`;
const hook = {
  FLEET_NOTICE_WEBHOOK_URL: 'https://hooks.example.com/x',
  FLEET_NOTICE_WEBHOOK_SECRET: whsec(Buffer.from('q8Zr2LmX0vTn5cYw7HbKd1sGf9JpE3uA')),
};
const smtp = { FLEET_SMTP_URL: 'smtps://u:p@mail.example.com', FLEET_NOTICE_EMAIL_FROM: 'f@example.com' };

it('refuses nothing of what is meant for production', () => {
  const all = { ...hook, ...smtp, FLEET_PUBLIC_URL: 'https://fleet.example.com', FLEET_HOST: '0.0.0.0' };
  expect(refusedOf({})).toEqual([]);
  expect(refusedOf({ ...all, FLEET_CML_TLS: 'verify', FLEET_CML_PROXY: 'http://proxy:3128' })).toEqual([]);
});

it('refuses nothing outside of production', () => {
  const insecure = { FLEET_CML_TLS: 'insecure', FLEET_MONGODB_URI: 'mongodb://db.internal/x' };
  expect(refusedOf({ ...insecure, NODE_ENV: 'development' })).toEqual([]);
  expect(refusedOf({ ...insecure, NODE_ENV: '' })).toEqual([]);
});

it.each<[string, Record<string, string>, RegExp]>([
  [
    'a CML server that is not known',
    { FLEET_CML_TLS: 'insecure' },
    /^FLEET_CML_TLS=insecure .*Remedy: .*pin/,
  ],
  ['a memory', { FLEET_PERSISTENCE: 'memory' }, /^FLEET_PERSISTENCE=memory .*Remedy: .*FLEET_MONGODB_URI/],
  [
    'a time that is not the real one',
    { FLEET_CLOCK_EPOCH: '2026-01-01T00:00:00Z' },
    /^FLEET_CLOCK_EPOCH .*Remedy: leave it out/,
  ],
  ['links over http', { FLEET_PUBLIC_URL: 'http://fleet.example.com' }, /^FLEET_PUBLIC_URL .*https:\/\//],
  [
    'notices over http',
    { ...hook, FLEET_NOTICE_WEBHOOK_URL: 'http://h.example/x' },
    /^FLEET_NOTICE_WEBHOOK_URL/,
  ],
  ['chat over http', { FLEET_NOTICE_SLACK_URL: 'HTTP://h.example/x' }, /^FLEET_NOTICE_SLACK_URL/],
  ['AWS over http', { AWS_ENDPOINT_URL_EC2: 'http://ec2.example/' }, /^AWS_ENDPOINT_URL_EC2/],
  [
    'a first key of one character',
    { FLEET_BOOTSTRAP_ADMIN_KEY: 'a'.repeat(40) },
    /^FLEET_BOOTSTRAP_ADMIN_KEY .*Remedy: make one: openssl rand/,
  ],
  [
    'a key ring of one byte',
    { FLEET_SECRETS_KEYS: weakRing },
    /^FLEET_SECRETS_KEYS .*Remedy: put a new key first/,
  ],
  [
    'a signing secret that repeats itself',
    { ...hook, FLEET_NOTICE_WEBHOOK_SECRET: whsec(Buffer.alloc(32, 'abcdefgh')) },
    /^FLEET_NOTICE_WEBHOOK_SECRET/,
  ],
  ['certificates that nobody checks', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /^NODE_TLS_REJECT_UNAUTHORIZED/],
  [
    'a lax reader of HTTP',
    { NODE_OPTIONS: '--max-old-space-size=512 --insecure-http-parser' },
    /^NODE_OPTIONS/,
  ],
  ['old TLS', { NODE_OPTIONS: '--tls-min-v1.0' }, /^NODE_OPTIONS/],
  ['a debugger', { NODE_OPTIONS: '--inspect=0.0.0.0:9229' }, /^NODE_OPTIONS opens a debugger/],
])('refuses %s, and tells the remedy', (_, env, sentence) => {
  expect(refusedOf(env)).toEqual([expect.stringMatching(sentence)]);
});

it('refuses a clock that runs at another speed', () => {
  const fast = { FLEET_CLOCK_SPEED: '60', AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4566' };
  expect(refusedOf({ ...fast, FLEET_CLOCK_EPOCH: '2026-01-01T00:00:00Z' })).toEqual([
    expect.stringMatching(/^FLEET_CLOCK_SPEED/),
    expect.stringMatching(/^FLEET_CLOCK_EPOCH/),
  ]);
});

it('takes a former key of the ring, which is needed to read what is there', () => {
  expect(refusedOf({ FLEET_SECRETS_KEYS: `${GOOD.FLEET_SECRETS_KEYS},${weakRing}` })).toEqual([]);
});

describe('the database', () => {
  const words = (uri: string) => refusedOf({ FLEET_MONGODB_URI: uri }).map((text) => text.split('.')[0]);
  const noUser = expect.stringContaining('names no user') as string;
  const noTls = expect.stringContaining('without TLS') as string;
  const anyCertificate = expect.stringContaining('takes any certificate') as string;

  it.each<[string, string[]]>([
    ['mongodb://127.0.0.1:27017,localhost:27018,[::1]/x', []],
    ['mongodb://%2Frun%2Fmongodb.sock/x', []],
    ['mongodb://u:p@db/x?ssl=true', []],
    ['mongodb://db/x?tls=true&authMechanism=MONGODB-X509', []],
    ['mongodb+srv://u:p@cluster.example.com/x', []],
    ['mongodb://db/x', [noUser, noTls]],
    ['mongodb://127.0.0.1,db/x', [noUser, noTls]],
    ['mongodb://u:p@db/x', [noTls]],
    ['mongodb+srv://u:p@cluster.example.com/x?tls=false', [noTls]],
    ['mongodb://db/x?tls=true', [noUser]],
    ['mongodb://u:p@db/x?tls=true&tlsAllowInvalidCertificates=true', [anyCertificate]],
    ['mongodb://u:p@db/x?tls=true&tlsAllowInvalidHostnames=true', [anyCertificate]],
    ['mongodb://u:p@db/x?tls=true&tlsInsecure=true', [anyCertificate]],
    ['mongodb://u:p@db/x?tls=yes', [expect.stringContaining('cannot be read') as string]],
  ])('by %s', (uri, expected) => {
    expect(words(uri)).toEqual(expected);
  });

  it('is not asked about where everything is kept in memory', () => {
    const memory = { FLEET_PERSISTENCE: 'memory', FLEET_MONGODB_URI: 'mongodb://db/x' };
    expect(refusedOf(memory)).toEqual([expect.stringMatching(/^FLEET_PERSISTENCE/)]);
  });
});

describe('the start', () => {
  const start = (env: Record<string, string>) => {
    const all = { ...GOOD, ...env };
    return refuseInsecureStart(readSettings(all), all);
  };
  const two = { FLEET_CML_TLS: 'insecure', FLEET_MONGODB_URI: 'mongodb://fleet:hunter2@db/x' };

  it('is refused with one message that lists everything, and no secret', () => {
    const refused = () => start({ ...two, FLEET_BOOTSTRAP_ADMIN_KEY: 'hunter2'.repeat(6) });
    expect(refused).toThrow(InsecureSettings);
    expect(refused).toThrow(
      /NODE_ENV=production[^]*FLEET_CML_TLS[^]*_URI[^]*ADMIN_KEY[^]*FLEET_ALLOW_INSECURE/,
    );
    expect(refused).not.toThrow(/hunter2/);
  });

  it('goes on with what is accepted by name, and tells it', () => {
    expect(start({ ...two, FLEET_ALLOW_INSECURE: 'FLEET_CML_TLS, FLEET_MONGODB_URI' })).toEqual([
      expect.stringMatching(/^accepted by FLEET_ALLOW_INSECURE: FLEET_CML_TLS=insecure/),
      expect.stringMatching(/^accepted by FLEET_ALLOW_INSECURE: FLEET_MONGODB_URI .* without TLS/),
    ]);
    expect(() => start({ ...two, FLEET_ALLOW_INSECURE: 'FLEET_CML_TLS' })).toThrow(InsecureSettings);
  });

  it('tells of a name that is not needed, as of a slip', () => {
    const needless = 'FLEET_ALLOW_INSECURE names FLEET_CML_TSL, in which nothing is insecure: leave it out';
    expect(start({ FLEET_ALLOW_INSECURE: 'FLEET_CML_TSL' })).toEqual([needless]);
    const slip = () => start({ ...two, FLEET_ALLOW_INSECURE: 'FLEET_CML_TSL,FLEET_MONGODB_URI' });
    expect(slip).toThrow(needless);
  });

  it('takes no `*` for all', () => {
    expect(() => start({ FLEET_ALLOW_INSECURE: '*' })).toThrow(
      'FLEET_ALLOW_INSECURE must be names of settings',
    );
  });
});
