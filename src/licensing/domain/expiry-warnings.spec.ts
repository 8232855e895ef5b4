import { HOUR, plus } from '../../kernel/clocks';
import { AT } from '../testing/license-samples';
import { expiryWarnings } from './expiry-warnings';
import { unknownWords } from './license-reading';

const DAY = 24 * HOUR;
const reading = (registrationDays: number, authorizationDays: number) => ({
  ...{ registration: 'COMPLETED', authorization: 'IN_COMPLIANCE', licensed: true },
  registrationExpires: plus(AT, registrationDays * DAY),
  authorizationExpires: plus(AT, authorizationDays * DAY),
});
const none = { warned: { registration: null, authorization: null } };

describe('the ends of which people are warned', () => {
  it.each([
    [31, 8, []],
    [30, 8, ['registration']],
    [31, 7, ['authorization']],
    [1, 1, ['registration', 'authorization']],
    [0, -1, []],
  ])('%d days of registration, %d of authorization: %j', (registration, authorization, expected) => {
    const warnings = expiryWarnings(reading(registration, authorization), none, AT);
    expect(warnings.map((it) => it.of)).toEqual(expected);
  });

  it('are told once for each date, and not of a server without a registration', () => {
    const soon = reading(31, 7);
    const warned = { registration: null, authorization: soon.authorizationExpires };
    expect(expiryWarnings(soon, { warned }, AT)).toEqual([]);
    expect(expiryWarnings(reading(31, 6), { warned }, AT)).toEqual([
      { of: 'authorization', expires: plus(AT, 6 * DAY) },
    ]);
    expect(expiryWarnings({ ...soon, registration: 'NOT_REGISTERED' }, none, AT)).toEqual([]);
  });
});

it('names the words of a server that nobody knows', () => {
  const words = (registration: string | null, authorization: string | null) =>
    unknownWords({ ...reading(1, 1), registration, authorization });
  expect(words('RESERVATION_IN_PROGRESS', 'NOT_AUTHORIZED')).toEqual([]);
  expect(words('REGISTRATION_EXPIRED', null)).toEqual([]);
  expect(words('SUSPENDED', 'EVAL_MODE')).toEqual(['registration SUSPENDED', 'authorization EVAL_MODE']);
});
