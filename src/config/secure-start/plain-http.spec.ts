import { Secret } from '../../kernel/secret';
import { readSettings } from '../read-settings';
import { plainHttp } from './plain-http';

const settings = readSettings({ FLEET_PERSISTENCE: 'memory' });
const namesOf = (value: unknown, env = {}) =>
  plainHttp({ ...settings, FLEET_SOMETHING_NEW: value } as typeof settings, env).map(({ name }) => name);

it.each<[string, unknown]>([
  ['text', 'http://collector.example:4318/v1/traces'],
  ['a secret', new Secret('http://hooks.example/x')],
  ['one of a list', ['https://a.example', 'http://b.example']],
  ['in capitals, with blanks', ' HTTP://a.example'],
  ['a name that only begins like loopback', 'http://localhost.example'],
  ['an address that only begins like loopback', 'http://127.0.0.1.example'],
])('a setting that nobody has heard of counts: %s', (_, value) => {
  expect(namesOf(value)).toEqual(['FLEET_SOMETHING_NEW']);
});

it.each<[string, unknown]>([
  ['https', 'https://a.example'],
  ['this machine', ['http://localhost:4318', 'http://127.0.0.1:9', 'http://[::1]/']],
  ['another kind of value', [1, null, undefined, { a: 1 }, 'not http://']],
])('nothing is found in %s', (_, value) => {
  expect(namesOf(value)).toEqual([]);
});

it('endpoints of AWS count, and other variables do not', () => {
  const env = { AWS_ENDPOINT_URL: 'http://a.example', AWS_ENDPOINT_URL_STS: 'http://b.example' };
  const others = { HTTP_PROXY: 'http://proxy', AWS_ENDPOINT_URL_EC2: 'https://c.example' };
  expect(namesOf('', { ...env, ...others })).toEqual(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS']);
});
