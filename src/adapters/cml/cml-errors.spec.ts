import { CmlError, type CmlFailure } from '../../telemetry';
import { cmlErrorOf, refusal } from './cml-errors';

it.each<[string, CmlFailure]>([
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['UND_ERR_SOCKET', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
  ['CERT_HAS_EXPIRED', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
  ['HPE_INVALID_CONSTANT', 'unreadable'],
])('an error %s is: %s', (code, failure) => {
  const error = cmlErrorOf(Object.assign(new Error('words'), { code }), '198.18.0.1');

  expect(error).toMatchObject({ failure, message: expect.stringContaining('198.18.0.1') as string });
});

it('an error of ours stays as it is', () => {
  const ours = new CmlError('refused', 'no');

  expect(cmlErrorOf(ours, 'h')).toBe(ours);
});

it.each<[number, boolean, CmlFailure]>([
  [502, false, 'not-ready'],
  [503, true, 'not-ready'],
  [504, false, 'not-ready'],
  [404, false, 'not-ready'],
  [200, false, 'not-ready'],
  [409, true, 'busy'],
  [429, true, 'busy'],
  [403, true, 'credentials'],
  [401, true, 'credentials'],
  [500, true, 'refused'],
  [400, true, 'refused'],
])('HTTP %i (of CML, not of nginx: %s) is: %s', (status, fromCml, failure) => {
  expect(refusal(status, fromCml, null)).toMatchObject({ failure, httpStatus: status });
});

it('tells what the server says, in part', () => {
  const { message } = refusal(400, true, `Licensing issue ${'x'.repeat(500)}`);

  expect(message).toContain('(HTTP 400: Licensing issue xxx');
  expect(message.length).toBeLessThan(300);
});
