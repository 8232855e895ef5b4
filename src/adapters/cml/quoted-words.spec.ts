import { Secret } from '../../kernel/secret';
import { withoutSecrets } from './quoted-words';

const TOKEN = new Secret('ZDQ5YzAxNmMtNGU0Yy00%2Babc/def==');
const LONG = `${'NjcxZGVh'.repeat(12)}%0AcXl6`;
const JWT = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJl';

it.each<[string, string, string]>([
  ['a secret as it was sent', `bad: ${TOKEN.reveal()}!`, 'bad: [secret]!'],
  ['a part of it', 'the code ZDQ5YzAxNmMt… is no good', 'the code [secret]… is no good'],
  ['a token by its name', "The token 'short' is not valid.", "The token '[secret]' is not valid."],
  [
    'one in JSON',
    '{"token":["The token \'x-1\' has been revoked."]}',
    '{"token":["The token \'[secret]\' has been revoked."]}',
  ],
  ['a long run of its letters', `Failure reason: ${LONG}.`, 'Failure reason: [secret].'],
  ['a JSON web token', `session ${JWT} ended`, 'session [secret] ended'],
])('leaves out %s', (_, text, expected) => {
  expect(withoutSecrets(text, [TOKEN])).toBe(expected);
});

it.each([
  'Licensing issue: Cannot de-register when nodes are running.',
  'Lab not found: 90f84e38-a71c-4d57-8d90-00fa8a197385',
  'https://smartreceiver.cisco.com/licservice/license does not answer',
  'Authorization token is invalid or expired.',
])('leaves %s as it is', (text) => {
  expect(withoutSecrets(text, [TOKEN, new Secret('')])).toBe(text);
});

describe('a password of short words', () => {
  const password = `k7"x.m9\\p4+t8ä%w3 zz1'v6&nb5`;
  const secret = new Secret(password);
  const json = JSON.stringify(password);

  it.each<[string, string]>([
    ['in JSON', json],
    ['in JSON in JSON', JSON.stringify(json)],
    ['in JSON as ASCII', json.replace('ä', '\\u00e4')],
    ['in a URL', encodeURIComponent(password)],
    ['in a form', new URLSearchParams({ password }).toString()],
    ['in HTML', password.replace('&', '&amp;').replace('"', '&quot;').replace("'", '&#x27;')],
    ['as Python shows it', `'${password.replace('\\', '\\\\').replace("'", "\\'")}'`],
    ['cut off', password.slice(0, 18)],
  ])('is left out %s', (_, quoted) => {
    expect(withoutSecrets(`bad: [${quoted}] was sent`, [secret])).toMatch(
      /^bad: \W*(password=)?\W*\[secret\]\W* was sent$/,
    );
  });
});

it('leaves out each place of a part, and no letter beside it', () => {
  const secret = new Secret('abcd-efgh-ijkl');
  expect(withoutSecrets('xabcdefghy abcdefg CDEF.GHIJ cdef.ghij!', [secret])).toBe(
    'x[secret]y abcdefg CDEF.GHIJ [secret]!',
  );
});
