import { z } from 'zod';
import { isLoopbackUrl } from '../kernel/loopback';
import { Secret } from '../kernel/secret';
import { OIDC_SETTINGS, oidcFaultsOf } from './oidc-settings';
import { policyFaultsOf } from './policy-settings';
import {
  agentDimension,
  base64Key,
  collectorUrl,
  commaList,
  cronTime,
  email,
  flag,
  hookUrl,
  integer,
  mailbox,
  network,
  origin,
  poolName,
  publicUrl,
  regionRole,
  signingSecret,
  smtpUrl,
  time,
  timeZone,
  wantedTag,
  variableName,
} from './setting-types';

const HOUR_MINUTES = 60;
const WEEK_MINUTES = 7 * 24 * HOUR_MINUTES;

/** Every setting by its environment variable. Names, defaults and meanings are those of the README's table. */
export const settingsSchema = z.strictObject({
  FLEET_HOST: z.string().min(1).default('127.0.0.1'),
  FLEET_PORT: integer(0, 65_535).default(3000),
  FLEET_PERSISTENCE: z.enum(['mongo', 'memory']).default('mongo'),
  FLEET_ALLOW_INSECURE: commaList(variableName).default([]),
  FLEET_MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/.+/, 'must be a URI like mongodb://host:27017/cml-fleet')
    .default('mongodb://127.0.0.1:27017/cml-fleet')
    .transform((uri) => new Secret(uri)),
  FLEET_BOOTSTRAP_ADMIN_KEY: z
    .string()
    .min(32, 'must have at least 32 characters')
    .transform((key) => new Secret(key))
    .optional(),
  FLEET_SECRETS_KEYS: commaList(base64Key).optional(),
  FLEET_REGIONS: commaList(
    z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like us-east-1'),
  ).default(['us-east-1']),
  // more than 100 where AWS has raised the account's limits
  FLEET_AWS_API_SHARE_PERCENT: integer(1, 1000).default(50),
  FLEET_AWS_ASSUME_ROLES: commaList(regionRole).default([]),
  FLEET_AWS_EXTERNAL_ID: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits or any of +=,.@:/-_')
    .transform((id) => new Secret(id))
    .optional(),
  FLEET_AMI_OWNERS: commaList(z.string().min(1)).default([]),
  FLEET_CML_USERNAME: z.string().min(1).max(32).optional(),
  FLEET_CML_PASSWORD: z
    .string()
    .min(1)
    .transform((password) => new Secret(password))
    .optional(),
  FLEET_CML_PORT: integer(1, 65_535).default(443),
  FLEET_CML_TLS: z.enum(['pin', 'verify', 'insecure']).default('pin'),
  FLEET_CML_CA_FILE: z.string().min(1).optional(),
  FLEET_CML_PROXY: z.url({ protocol: /^http$/, error: 'must be a URL like http://proxy:3128' }).optional(),
  FLEET_CML_ADDRESS: z.enum(['public', 'private']).default('public'),
  FLEET_LICENSE_POOL: poolName.optional(),
  FLEET_OBSERVE_SECONDS: integer(5, 3600).default(60),
  FLEET_CML_ACTIVITY_SECONDS: integer(5, 86_400).default(120),
  FLEET_CML_LICENSE_SECONDS: integer(60, 604_800).default(900),
  FLEET_RECONCILE_SECONDS: integer(1, 3600).default(30),
  FLEET_DRIFT_POLICY: z.enum(['follow', 'enforce']).default('follow'),
  FLEET_FORCE_OVERDUE_STOPS: flag.default(false),
  FLEET_CLOUDWATCH_SECONDS: integer(0, 86_400).default(300),
  FLEET_ORPHANS_SECONDS: integer(0, 86_400).default(600),
  FLEET_CLOUDWATCH_MEMORY: flag.default(false),
  FLEET_CLOUDWATCH_AGENT_DIMENSIONS: commaList(agentDimension)
    .refine((names) => names.includes('InstanceId'), 'must hold InstanceId, or all instances would be one')
    .default(['InstanceId']),
  FLEET_SHRINK_ALARM_PERCENT: integer(1, 100).default(20),
  FLEET_REAPER_CRON: cronTime.default('* * * * *'),
  FLEET_IDLE_THRESHOLD_MINUTES: integer(5, WEEK_MINUTES).default(60),
  FLEET_IDLE_CPU_BELOW_PERCENT: integer(1, 100).default(10),
  FLEET_IDLE_WARNING_MINUTES: commaList(integer(0, WEEK_MINUTES)).optional(),
  FLEET_IDLE_MAX_READING_AGE_SECONDS: integer(10, 86_400).optional(),
  FLEET_MAX_UPTIME_MINUTES: integer(5, 8 * WEEK_MINUTES).optional(),
  FLEET_IDLE_DRY_RUN: flag.default(false),
  FLEET_IDLE_TIME_ZONE: timeZone.default('UTC'),
  FLEET_STOP_BUDGET_PERCENT: integer(1, 100).default(50),
  FLEET_STOP_BUDGET_STOPS: integer(1, 100_000).optional(),
  FLEET_STOP_BUDGET_WINDOW_MINUTES: integer(1, WEEK_MINUTES).default(HOUR_MINUTES),
  FLEET_SNOOZE_CAP_MINUTES: integer(1, 8 * WEEK_MINUTES).default(WEEK_MINUTES),
  FLEET_USER_WORKERS: integer(0, 1000).default(2),
  FLEET_REQUEST_TAGS: commaList(wantedTag).default([]),
  FLEET_REQUEST_USERS_PER_WORKER: integer(1, 1000).default(1),
  FLEET_REQUEST_MAX_HOURS: integer(1, 720).default(72),
  FLEET_CLOCK_EPOCH: time.optional(),
  FLEET_CLOCK_SPEED: z.coerce.number().positive().max(10_000).default(1),
  FLEET_WEBHOOK_ALLOWED_NETWORKS: commaList(network).default([]),
  FLEET_PUBLIC_URL: publicUrl.optional(),
  FLEET_NOTICE_WEBHOOK_URL: hookUrl.optional(),
  FLEET_NOTICE_WEBHOOK_SECRET: signingSecret.optional(),
  FLEET_NOTICE_SLACK_URL: hookUrl.optional(),
  FLEET_SMTP_URL: smtpUrl.optional(),
  FLEET_NOTICE_EMAIL_FROM: mailbox.optional(),
  FLEET_NOTICE_EMAIL_TO: commaList(email).default([]),
  ...OIDC_SETTINGS,
  FLEET_TRUSTED_PROXIES: commaList(network).default([]),
  FLEET_RATE_LIMIT_PER_MINUTE: integer(1, 1_000_000).default(600),
  FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE: integer(1, 1_000_000).default(60),
  FLEET_CORS_ORIGINS: commaList(origin).default([]),
  FLEET_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  FLEET_LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
  FLEET_METRICS_PORT: integer(0, 65_535).optional(),
  FLEET_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  FLEET_OTLP_URL: collectorUrl.optional(),
  FLEET_SHUTDOWN_SECONDS: integer(1, 600).default(20),
});

export type SettingName = keyof typeof settingsSchema.shape;
type Values = z.output<typeof settingsSchema>;

export type Settings = Readonly<Values>;

/** What a set of values must fulfil together; each fault is a sentence that names the variables. */
export function faultsBetween(values: Values, env: NodeJS.ProcessEnv): string[] {
  const faults: string[] = [];
  if (values.FLEET_PERSISTENCE === 'mongo' && !values.FLEET_SECRETS_KEYS) {
    faults.push(
      'FLEET_SECRETS_KEYS is required with FLEET_PERSISTENCE=mongo: kid:base64(32 random bytes); ' +
        'make one with: echo "k1:$(openssl rand -base64 32)"',
    );
  }
  faults.push(...roleFaults(values));
  if (!values.FLEET_CML_USERNAME !== !values.FLEET_CML_PASSWORD) {
    faults.push('FLEET_CML_USERNAME and FLEET_CML_PASSWORD go together: set both, or neither');
  }
  faults.push(...noticeFaults(values));
  if (values.FLEET_CML_CA_FILE && values.FLEET_CML_TLS !== 'verify') {
    faults.push('FLEET_CML_CA_FILE needs FLEET_CML_TLS=verify');
  }
  faults.push(...oidcFaultsOf(values));
  faults.push(...policyFaultsOf(values));
  if (values.FLEET_CLOCK_SPEED !== 1 && values.FLEET_PERSISTENCE === 'mongo' && !values.FLEET_CLOCK_EPOCH) {
    faults.push(
      'FLEET_CLOCK_EPOCH is required with a fast clock on mongo: else time would begin anew at each start',
    );
  }
  if (values.FLEET_CLOCK_SPEED !== 1 && !isLoopbackUrl(env.AWS_ENDPOINT_URL_EC2 ?? env.AWS_ENDPOINT_URL)) {
    faults.push(
      'FLEET_CLOCK_SPEED other than 1 is for simulations: it needs AWS_ENDPOINT_URL_EC2 on a loopback address',
    );
  }
  return faults;
}

function roleFaults(values: Values): string[] {
  const roles = values.FLEET_AWS_ASSUME_ROLES.map(({ region }) => region);
  const twice = roles.filter((region, index) => roles.indexOf(region) < index);
  const foreign = roles.filter((region) => region !== '*' && !values.FLEET_REGIONS.includes(region));
  return [
    ...[...new Set(twice)].map((region) => `FLEET_AWS_ASSUME_ROLES has more than one role for ${region}`),
    ...foreign.map((region) => `FLEET_AWS_ASSUME_ROLES names ${region}, which FLEET_REGIONS does not`),
    ...(values.FLEET_AWS_EXTERNAL_ID && roles.length === 0
      ? ['FLEET_AWS_EXTERNAL_ID needs FLEET_AWS_ASSUME_ROLES: it is sent when a role is assumed']
      : []),
  ];
}

function noticeFaults(values: Values): string[] {
  const faults: string[] = [];
  if (!values.FLEET_NOTICE_WEBHOOK_URL !== !values.FLEET_NOTICE_WEBHOOK_SECRET) {
    faults.push('FLEET_NOTICE_WEBHOOK_URL and _SECRET go together: set both, or neither');
  }
  if (!values.FLEET_SMTP_URL !== !values.FLEET_NOTICE_EMAIL_FROM) {
    faults.push('FLEET_SMTP_URL and FLEET_NOTICE_EMAIL_FROM go together: set both, or neither');
  }
  if (values.FLEET_NOTICE_EMAIL_TO.length > 0 && !values.FLEET_SMTP_URL) {
    faults.push('FLEET_NOTICE_EMAIL_TO needs FLEET_SMTP_URL: the mail server that takes the notices');
  }
  return faults;
}
