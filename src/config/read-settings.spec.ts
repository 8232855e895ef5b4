import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IdlePolicy, idlePolicy } from '../reaper';
import { policyOf } from './policy-settings';
import { BadSettings, readSettings } from './read-settings';

const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const mongo = { FLEET_SECRETS_KEYS: KEY };

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof BadSettings) return error.faults;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('have the documented defaults', () => {
    expect(readSettings(mongo)).toMatchObject({
      FLEET_HOST: '127.0.0.1',
      FLEET_PORT: 3000,
      FLEET_PERSISTENCE: 'mongo',
      FLEET_REGIONS: ['us-east-1'],
      FLEET_CML_PORT: 443,
      FLEET_CML_TLS: 'pin',
      FLEET_OBSERVE_SECONDS: 60,
      FLEET_RECONCILE_SECONDS: 30,
      FLEET_CLOUDWATCH_SECONDS: 300,
      FLEET_ORPHANS_SECONDS: 600,
      FLEET_CLOUDWATCH_MEMORY: false,
      FLEET_CLOUDWATCH_AGENT_DIMENSIONS: ['InstanceId'],
      FLEET_SHRINK_ALARM_PERCENT: 20,
      FLEET_REAPER_CRON: '* * * * *',
      FLEET_IDLE_THRESHOLD_MINUTES: 60,
      FLEET_RATE_LIMIT_PER_MINUTE: 600,
      FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE: 60,
      FLEET_CORS_ORIGINS: [],
      FLEET_SHUTDOWN_SECONDS: 20,
    });
  });

  it('list everything that is wrong in one message, by the names of the variables', () => {
    expect(
      faultsOf({
        FLEET_PORT: 'http',
        FLEET_PERSISTENCE: 'disk',
        FLEET_REGIONS: 'us-east-1,mars',
        FLEET_REAPER_CRON: 'often',
        FLEET_WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8,10.0.0.1',
        FLEET_TRUSTED_PROXIES: '10.0.0.1',
        FLEET_OBSERVE_SECOND: '5',
        FLEET_COLOUR: 'blue',
      }),
    ).toEqual([
      'FLEET_OBSERVE_SECOND is not a setting; is FLEET_OBSERVE_SECONDS meant?',
      'FLEET_COLOUR is not a setting',
      'FLEET_PORT must be a whole number',
      'FLEET_PERSISTENCE Invalid option: expected one of "mongo"|"memory"',
      'FLEET_REGIONS must be a region like us-east-1',
      'FLEET_REAPER_CRON must be a cron time like "* * * * *" (minute, hour, day, month, weekday; seconds may come first)',
      'FLEET_WEBHOOK_ALLOWED_NETWORKS must be a network like 10.0.0.0/8',
      'FLEET_TRUSTED_PROXIES must be a network like 10.0.0.0/8',
    ]);
  });

  it('need a key ring with mongo, both CML credentials or none, and a warning within the threshold', () => {
    const faults = faultsOf({ FLEET_CML_USERNAME: 'fleet', FLEET_IDLE_WARNING_MINUTES: '61,5' });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'FLEET_SECRETS_KEYS',
      'FLEET_CML_USERNAME',
      'FLEET_IDLE_WARNING_MINUTES',
    ]);
  });

  it('take origins of web pages as browsers write them, and no pattern', () => {
    const read = (origins: string) =>
      readSettings({ ...mongo, FLEET_CORS_ORIGINS: origins }).FLEET_CORS_ORIGINS;
    expect(read('https://portal.example.com,http://localhost:5173')).toEqual([
      'https://portal.example.com',
      'http://localhost:5173',
    ]);
    const wrong = ['*', 'https://*.example.com', 'null', 'portal.example.com', 'https://portal.example.com/'];
    wrong.push(
      'https://Portal.example.com',
      'https://portal.example.com:443',
      'https://a@portal.example.com',
    );
    for (const text of wrong) {
      expect(faultsOf({ ...mongo, FLEET_CORS_ORIGINS: text })).toEqual([
        expect.stringMatching(/^FLEET_CORS_ORIGINS must be an origin like https:\/\/portal.example.com/),
      ]);
    }
  });

  it('take what policies begin with: a maximum uptime, a zone, a budget', () => {
    expect(readSettings(mongo)).toMatchObject({
      ...{ FLEET_IDLE_DRY_RUN: false, FLEET_IDLE_TIME_ZONE: 'UTC', FLEET_STOP_BUDGET_PERCENT: 50 },
      FLEET_STOP_BUDGET_WINDOW_MINUTES: 60,
    });
    expect(readSettings({ ...mongo, FLEET_IDLE_TIME_ZONE: 'Europe/Zurich' }).FLEET_IDLE_TIME_ZONE).toBe(
      'Europe/Zurich',
    );
    for (const wrong of ['Europe/Atlantis', '+02:00']) {
      expect(faultsOf({ ...mongo, FLEET_IDLE_TIME_ZONE: wrong })).toEqual([
        'FLEET_IDLE_TIME_ZONE must be a time zone by its IANA name, like Europe/Zurich',
      ]);
    }
    expect(
      faultsOf({ ...mongo, FLEET_MAX_UPTIME_MINUTES: '30', FLEET_IDLE_WARNING_MINUTES: '30,5' }),
    ).toEqual(['FLEET_MAX_UPTIME_MINUTES must exceed the longest warning stage, 30']);
  });

  it.each([
    [
      { FLEET_IDLE_THRESHOLD_MINUTES: '5', FLEET_OBSERVE_SECONDS: '120' },
      'FLEET_IDLE_THRESHOLD_MINUTES must be 8 or more, twice the 240 s that readings may lag behind; FLEET_OBSERVE_SECONDS and FLEET_CML_ACTIVITY_SECONDS say how often is read',
    ],
    [
      { FLEET_IDLE_MAX_READING_AGE_SECONDS: '60' },
      'FLEET_IDLE_MAX_READING_AGE_SECONDS must exceed the 60 s between two readings, or every reading would be too old; FLEET_OBSERVE_SECONDS and FLEET_CML_ACTIVITY_SECONDS say how often is read',
    ],
    [
      { FLEET_IDLE_WARNING_MINUTES: '90,5' },
      'FLEET_IDLE_WARNING_MINUTES must not exceed FLEET_IDLE_THRESHOLD_MINUTES, 60',
    ],
    [
      { FLEET_IDLE_WARNING_MINUTES: '15,0' },
      'FLEET_IDLE_WARNING_MINUTES must be minutes above 0, or 0 alone: stops are not announced then',
    ],
  ])('refuse what no idle policy can stand on, by the names of the variables: %j', (env, fault) => {
    expect(faultsOf({ ...mongo, ...(env as Record<string, string>) })).toEqual([fault]);
  });

  it.each<[Record<string, string>, Partial<IdlePolicy>]>([
    [{ FLEET_IDLE_WARNING_MINUTES: '0' }, { warningStagesMinutes: [], noticeRequired: false }],
    [{ FLEET_MAX_UPTIME_MINUTES: '30' }, { warningStagesMinutes: [15, 5], noticeRequired: true }],
    [{ FLEET_MAX_UPTIME_MINUTES: '5' }, { warningStagesMinutes: [2], maxUptimeMinutes: 5 }],
    [{ FLEET_IDLE_THRESHOLD_MINUTES: '6' }, { warningStagesMinutes: [5], idleThresholdMinutes: 6 }],
  ])('make an idle policy of %j', (env, expected) => {
    const settings = readSettings({ ...mongo, ...env });
    expect(idlePolicy(policyOf(settings), settings.FLEET_OBSERVE_SECONDS, 120)).toMatchObject(expected);
  });

  it('give no worker on request until they say which', () => {
    expect(readSettings(mongo)).toMatchObject({
      ...{ FLEET_USER_WORKERS: 2, FLEET_REQUEST_TAGS: [], FLEET_REQUEST_USERS_PER_WORKER: 1 },
      FLEET_REQUEST_MAX_HOURS: 72,
    });
    const { FLEET_REQUEST_TAGS } = readSettings({ ...mongo, FLEET_REQUEST_TAGS: 'pool:students,use:a:b' });
    expect(FLEET_REQUEST_TAGS).toEqual([
      { key: 'pool', value: 'students' },
      { key: 'use', value: 'a:b' },
    ]);
    expect(faultsOf({ ...mongo, FLEET_REQUEST_TAGS: 'students' })).toEqual([
      'FLEET_REQUEST_TAGS must be a tag like key:value',
    ]);
  });

  it('take one role for each region, and one for all others', () => {
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const roles = (text: string, more = {}) => ({ ...mongo, FLEET_AWS_ASSUME_ROLES: text, ...more });
    expect(
      readSettings(roles(`us-east-1=${role('path/a')},*=${role('b=c')}`)).FLEET_AWS_ASSUME_ROLES,
    ).toEqual([
      { region: 'us-east-1', roleArn: role('path/a') },
      { region: '*', roleArn: role('b=c') },
    ]);
    expect(faultsOf(roles(`*=${role('a')},*=${role('b')},eu-west-1=${role('c')}`))).toEqual([
      'FLEET_AWS_ASSUME_ROLES has more than one role for *',
      'FLEET_AWS_ASSUME_ROLES names eu-west-1, which FLEET_REGIONS does not',
    ]);
    for (const wrong of [role('a'), 'us-east-1=fleet', `mars=${role('a')}`]) {
      expect(faultsOf(roles(wrong))).toEqual([expect.stringContaining('must be <region>=<role ARN>')]);
    }
    expect(faultsOf({ ...mongo, FLEET_AWS_EXTERNAL_ID: 's3cr3t' })).toEqual([
      'FLEET_AWS_EXTERNAL_ID needs FLEET_AWS_ASSUME_ROLES: it is sent when a role is assumed',
    ]);
    const bad = faultsOf(roles(`*=${role('a')}`, { FLEET_AWS_EXTERNAL_ID: 's3cr3t id' }));
    expect(bad).toEqual([expect.stringMatching(/^FLEET_AWS_EXTERNAL_ID must be (?!.*s3cr3t)/)]);
  });

  it('take the name of the licence pool of the fleet, or none', () => {
    expect(readSettings(mongo).FLEET_LICENSE_POOL).toBeUndefined();
    expect(readSettings({ ...mongo, FLEET_LICENSE_POOL: 'Netacad 1' }).FLEET_LICENSE_POOL).toBe('Netacad 1');
    expect(faultsOf({ ...mongo, FLEET_LICENSE_POOL: 'a/b' })).toEqual([
      'FLEET_LICENSE_POOL must be 1 to 63 letters, digits, spaces, ".", "_" or "-"',
    ]);
  });

  it('take the ways that people are told by, each as a whole', () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const given = {
      ...{ FLEET_PUBLIC_URL: 'https://fleet.example.com/cml/' },
      ...{ FLEET_NOTICE_WEBHOOK_URL: 'https://a.example/t0ken', FLEET_NOTICE_WEBHOOK_SECRET: secret },
      ...{ FLEET_NOTICE_SLACK_URL: 'https://b.example/t0ken' },
      ...{ FLEET_SMTP_URL: 'smtp://us%40er:t0ken@mail.example:587' },
      ...{ FLEET_NOTICE_EMAIL_FROM: 'Fleet <fleet@example.com>' },
      ...{ FLEET_NOTICE_EMAIL_TO: 'ann@example.com, bob@example.com' },
    };
    const settings = readSettings({ ...mongo, ...given });
    expect(settings).toMatchObject({
      FLEET_PUBLIC_URL: 'https://fleet.example.com/cml',
      FLEET_NOTICE_EMAIL_TO: ['ann@example.com', 'bob@example.com'],
    });
    expect(settings.FLEET_NOTICE_WEBHOOK_SECRET?.reveal()).toBe(secret);
    expect(JSON.stringify(settings)).not.toMatch(/t0ken|whsec/);
    const { FLEET_NOTICE_WEBHOOK_SECRET: _secret, FLEET_NOTICE_EMAIL_FROM: _from, ...halves } = given;
    expect(faultsOf({ ...mongo, ...halves })).toEqual([
      'FLEET_NOTICE_WEBHOOK_URL and _SECRET go together: set both, or neither',
      'FLEET_SMTP_URL and FLEET_NOTICE_EMAIL_FROM go together: set both, or neither',
    ]);
    expect(faultsOf({ ...mongo, FLEET_NOTICE_EMAIL_TO: 'ann@example.com' })).toEqual([
      'FLEET_NOTICE_EMAIL_TO needs FLEET_SMTP_URL: the mail server that takes the notices',
    ]);
  });

  it.each([
    [
      'FLEET_PUBLIC_URL',
      ['fleet.example.com', 'ftp://x.example', 'https://u:t0ken@x.example', 'https://x.example/?a'],
    ],
    ['FLEET_NOTICE_WEBHOOK_URL', ['a.example/t0ken', 'ftp://a.example/t0ken']],
    ['FLEET_NOTICE_SLACK_URL', ['#room', 'file:///t0ken']],
    [
      'FLEET_SMTP_URL',
      ['mail.example:25', 'http://t0ken@mail.example', 'smtp://u:t0ken%4@mail.example', 'smtp://'],
    ],
    ['FLEET_NOTICE_WEBHOOK_SECRET', ['t0ken', 'whsec_t0ken', `whsec_${'-'.repeat(40)}`]],
    ['FLEET_NOTICE_EMAIL_FROM', ['fleet', 'Fleet <fleet>', 'a@b.example\nBcc: c@d.example']],
    ['FLEET_NOTICE_EMAIL_TO', ['ann', 'ann@example.com,bob', 'ann@x,', '<ann@example.com>']],
  ])('refuse %s in another form, without showing it', (name, values) => {
    for (const value of values) {
      const [fault = '', ...others] = faultsOf({ FLEET_PERSISTENCE: 'memory', [name]: value });
      expect([value, fault, others]).toEqual([value, expect.stringMatching(`^${name} must be `), []]);
      expect(fault).not.toContain('t0ken');
    }
  });

  it('refuse a fast clock unless the AWS endpoint is on loopback', () => {
    const fast = { ...mongo, FLEET_CLOCK_SPEED: '60', FLEET_CLOCK_EPOCH: '2026-03-01T00:00:00Z' };
    expect(faultsOf(fast)).toHaveLength(1);
    expect(faultsOf({ ...fast, AWS_ENDPOINT_URL_EC2: 'https://ec2.example.com' })).toHaveLength(1);
    expect(faultsOf({ ...fast, AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4566' })).toEqual([]);
    expect(faultsOf({ ...fast, AWS_ENDPOINT_URL: 'http://localhost:4566' })).toEqual([]);
    const endless = { ...fast, FLEET_CLOCK_EPOCH: '', AWS_ENDPOINT_URL: 'http://localhost:4566' };
    expect(faultsOf(endless)).toEqual([expect.stringContaining('FLEET_CLOCK_EPOCH is required')]);
  });

  it('take a value from a file, and never show a secret in a message or when printed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    try {
      const file = join(folder, 'password');
      writeFileSync(file, 'correct horse\n');
      const settings = readSettings({
        ...mongo,
        FLEET_CML_USERNAME: 'fleet',
        FLEET_CML_PASSWORD_FILE: file,
      });
      expect(settings.FLEET_CML_PASSWORD?.reveal()).toBe('correct horse');
      expect(JSON.stringify(settings)).not.toContain('horse');
      expect(
        faultsOf({ ...mongo, FLEET_CML_USERNAME: 'fleet', FLEET_CML_PASSWORD_FILE: `${file}x` })[0],
      ).toBe('FLEET_CML_PASSWORD_FILE cannot be read: ENOENT');
      expect(
        faultsOf({ FLEET_BOOTSTRAP_ADMIN_KEY: 'too-short-secret', FLEET_PERSISTENCE: 'memory' }),
      ).toEqual(['FLEET_BOOTSTRAP_ADMIN_KEY must have at least 32 characters']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('take the address of a collector of traces with or without its path, and keep it to themselves', () => {
    const url = (given: string) => readSettings({ ...mongo, FLEET_OTLP_URL: given }).FLEET_OTLP_URL;
    for (const given of ['http://otel:4318', 'http://otel:4318/', 'http://otel:4318/v1/traces']) {
      expect(url(given)?.reveal()).toBe('http://otel:4318');
    }
    expect(url('https://otel.example/tenant')?.reveal()).toBe('https://otel.example/tenant');
    expect(JSON.stringify(url('http://user:word@otel'))).not.toContain('word');
    expect(faultsOf({ ...mongo, FLEET_OTLP_URL: 'otel:4318' })).toEqual([
      'FLEET_OTLP_URL must be a URL like http://127.0.0.1:4318',
    ]);
    expect(faultsOf({ ...mongo, FLEET_OTLP_URL: 'http://otel?key=1' })).toEqual([
      'FLEET_OTLP_URL must have no query',
    ]);
  });

  it('tell metrics on no port of their own unless one is named', () => {
    expect(readSettings(mongo)).toMatchObject({ FLEET_METRICS_HOST: '127.0.0.1' });
    expect(readSettings(mongo).FLEET_METRICS_PORT).toBeUndefined();
    expect(readSettings({ ...mongo, FLEET_METRICS_PORT: '9464' }).FLEET_METRICS_PORT).toBe(9464);
  });
});
