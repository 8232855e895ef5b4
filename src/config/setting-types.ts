import { CronTime } from 'cron';
import { isValidCIDR } from 'ipaddr.js';
import { z } from 'zod';
import { Secret } from '../kernel/secret';

/** A whole number within bounds, written in digits. */
export function integer(least: number, most: number) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);
}

/** `true` or `false`. */
export const flag = z
  .string()
  .regex(/^(true|false)$/, 'must be true or false')
  .transform((text) => text === 'true');

/** `a,b,c`; at least one item. */
export function commaList<T extends z.ZodType<unknown, string>>(item: T) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));
}

export const time = z.iso
  .datetime({ offset: true, error: 'must be a time like 2026-03-01T00:00:00Z' })
  .transform((text) => new Date(text));

export const cronTime = z.string().refine((text) => {
  try {
    return Boolean(new CronTime(text));
  } catch (error) {
    return !(error instanceof Error);
  }
}, 'must be a cron time like "* * * * *" (minute, hour, day, month, weekday; seconds may come first)');

/** A dimension of the metrics of CloudWatch's agent: one of those that cml-fleet knows of an instance, or a fixed one. */
export const agentDimension = z
  .string()
  .regex(
    /^(InstanceId|ImageId|InstanceType|[^=]+=.+)$/,
    'must be InstanceId, ImageId, InstanceType, or <name>=<value>',
  );

/** Name of an environment variable. */
export const variableName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be names of settings, with commas');

/** Addresses in CIDR notation. */
export const network = z.string().refine(isValidCIDR, 'must be a network like 10.0.0.0/8');

/** IANA name of a time zone. */
export const timeZone = z.string().refine((name) => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch (error) {
    return !(error instanceof Error);
  }
}, 'must be a time zone by its IANA name, like Europe/Zurich');

/** Name of a licence pool, by the rule of POST /license-pools. */
export const poolName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u, 'must be 1 to 63 letters, digits, spaces, ".", "_" or "-"');

/** `us-east-1=arn:aws:iam::123456789012:role/fleet`, or `*=…` for every other region. */
export const regionRole = z
  .string()
  .regex(
    /^(\*|[a-z]{2}(-[a-z]+)+-\d)=arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=.@/-]+$/,
    'must be <region>=<role ARN> or *=<role ARN>, like us-east-1=arn:aws:iam::123456789012:role/cml-fleet',
  )
  .transform((text) => {
    const [region = '', ...arn] = text.split('=');
    return { region, roleArn: arn.join('=') };
  });

/** An e-mail address. */
export const email = z.string().regex(/^[^\s@,<>"]+@[^\s@,<>"]+$/, 'must be an e-mail address');

/** Whom a mail is from: an address, or `Name <address>`. */
export const mailbox = z
  .string()
  .regex(
    /^([^\r\n<>"]+ <[^\s@,<>"]+@[^\s@,<>"]+>|[^\s@,<>"]+@[^\s@,<>"]+)$/,
    'must be an e-mail address, or Name <address>',
  );

/** Where a web page comes from, as browsers write it in the Origin header. */
export const origin = z
  .string()
  .refine(
    (text) => urlOf(text, ['https:', 'http:'])?.origin === text && !text.includes('*'),
    'must be an origin like https://portal.example.com, in small letters and with nothing after it; there are no patterns',
  );

/** Where people reach the API, without a slash at its end. */
export const publicUrl = z
  .string()
  .refine((text) => {
    const url = urlOf(text, ['https:', 'http:']);
    return url !== null && !url.search && !url.hash && !url.username && !url.password;
  }, 'must be a URL like https://fleet.example.com')
  .transform((text) => text.replace(/\/+$/, ''));

/** An address that whoever knows it may post to. */
export const hookUrl = z
  .string()
  .refine((text) => urlOf(text, ['https:', 'http:']) !== null, 'must be a URL like https://example.com/hook')
  .transform((url) => new Secret(url));

/** A mail server, with user name and password where it wants them. */
export const smtpUrl = z
  .string()
  .refine((text) => {
    const url = urlOf(text, ['smtp:', 'smtps:']);
    return url !== null && url.hostname !== '' && isDecodable(url.username) && isDecodable(url.password);
  }, 'must be a URL like smtp://user:password@mail.example.com:587, or smtps://; special signs as %40')
  .transform((url) => new Secret(url));

/** A signing secret of Standard Webhooks. */
export const signingSecret = z
  .string()
  .regex(
    /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/,
    'must be whsec_ and base64 of 24 to 64 random bytes; make one with: echo "whsec_$(openssl rand -base64 32)"',
  )
  .transform((secret) => new Secret(secret));

function urlOf(text: string, protocols: readonly string[]): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && protocols.includes(url.protocol) ? url : null;
}

function isDecodable(text: string): boolean {
  return /^([^%]|%[0-9a-f]{2})*$/i.test(text);
}

/** One key of the ring, `kid:base64(32 bytes)`; the secret is the base64 text. */
export const base64Key = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=$/, 'must be kid:base64(32 bytes)')
  .transform((text) => {
    const [kid = '', key = ''] = text.split(':');
    return { kid, key: new Secret(key) };
  });

/** A tag that workers carry. */
export const wantedTag = z
  .string()
  .regex(/^[^:]+:.*$/, 'must be a tag like key:value')
  .transform((text) => {
    const colon = text.indexOf(':');
    return { key: text.slice(0, colon), value: text.slice(colon + 1) };
  });

/** Where a collector of traces takes OTLP over HTTP; what comes after the host is put before `/v1/traces`. */
export const collectorUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL like http://127.0.0.1:4318' })
  .refine((url) => !/[?#]/.test(url), 'must have no query')
  .transform((url) => new Secret(url.replace(/\/+$/, '').replace(/\/v1\/traces$/, '')));
