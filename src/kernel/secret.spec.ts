import { mongo, Schema } from 'mongoose';
import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { type Logger, pino } from 'pino';
import { Secret } from './secret';

const TEXT = 'correct horse';
const secret = new Secret(TEXT);

/** What a logger of its own wrote for what `log` logs. */
function logged(log: (logger: Logger) => void): string {
  const lines: string[] = [];
  log(pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

describe('a secret', () => {
  it('is known by reveal', () => {
    expect(secret.reveal()).toBe(TEXT);
  });

  it.each<[string, () => unknown, unknown]>([
    ['JSON', () => JSON.stringify({ a: secret, b: [secret] }), '{"a":"[secret]","b":["[secret]"]}'],
    ['extended JSON', () => mongo.BSON.EJSON.stringify({ secret }), '{"secret":{}}'],
    ['a template', () => `${secret as unknown as string}`, '[secret]'],
    ['a concatenation', () => 'a' + (secret as unknown as string), 'a[secret]'],
    ['String', () => String(secret), '[secret]'],
    ['a number', () => Number(secret), NaN],
    ['an array that is joined', () => [secret, secret].join(), '[secret],[secret]'],
    ['an error', () => new Error(secret as unknown as string).message, '[secret]'],
    [
      'a query string',
      () => new URLSearchParams([['a', secret as unknown as string]]).toString(),
      'a=%5Bsecret%5D',
    ],
    ['Buffer.from', () => Buffer.from(secret as unknown as string).toString(), '[secret]'],
    ['Object.entries', () => Object.entries(secret), []],
    ['own keys, hidden ones and symbols too', () => Reflect.ownKeys(secret), []],
    ['a spread', () => ({ ...secret }), {}],
    ['Object.assign', () => Object.assign({}, secret), {}],
    ['structuredClone', () => structuredClone(secret), {}],
    ['the serialiser of V8', () => deserialize(serialize({ secret })) as unknown, { secret: {} }],
  ])('shows nothing of itself to %s', (_by, act, shown) => {
    const result = act();
    expect(result).toEqual(shown);
    expect(inspect(result, { showHidden: true, depth: 9 })).not.toContain('horse');
  });

  it('leaves no trace in the bytes that V8 writes', () => {
    expect(serialize([secret]).toString('latin1')).not.toContain('horse');
  });

  it.each<[string, () => string, string]>([
    ['inspect', () => inspect({ secret }), '{ secret: [secret] }'],
    ['inspect of what is hidden', () => inspect(secret, { showHidden: true, getters: true }), '[secret]'],
    [
      'inspect past custom forms',
      () => inspect(secret, { customInspect: false, showHidden: true }),
      'Secret {}',
    ],
    ['format %s', () => format('%s', secret), '[secret]'],
    ['format %o', () => format('%o', secret), '[secret]'],
    ['format %j', () => format('%j', secret), '"[secret]"'],
  ])('shows nothing of itself to %s', (_by, act, shown) => {
    expect(act()).toBe(shown);
  });

  it.each<[string, (logger: Logger) => void]>([
    ['as a member', (logger) => logger.info({ secret, deep: { secrets: [secret] } }, 'said')],
    ['as a value of the message', (logger) => logger.info('said %s %o %j', secret, secret, secret)],
    ['as what is bound', (logger) => logger.child({ secret }).info('said')],
    ['in an error', (logger) => logger.error({ err: Object.assign(new Error('x'), { secret }) })],
    ['as the whole', (logger) => logger.info(secret)],
  ])('does not get into a log line %s', (_how, log) => {
    const line = logged(log);
    expect(line).toContain('"time"');
    expect(line).not.toContain('horse');
  });

  it.each<[string, () => unknown]>([
    ['as a member', () => mongo.BSON.serialize({ secret })],
    ['deep inside', () => mongo.BSON.serialize({ a: [{ secret }] })],
    ['as the document', () => mongo.BSON.serialize(secret)],
    [
      'in a Mixed path',
      () => mongo.BSON.serialize({ v: new Schema.Types.Mixed('v').cast(secret) as unknown }),
    ],
  ])('is refused by BSON %s', (_how, act) => {
    expect(act).toThrow('put it into the vault');
  });
});
