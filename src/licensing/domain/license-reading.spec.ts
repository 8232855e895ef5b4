import { licenseDate, type LicenseReading, licenseStatusOf } from './license-reading';

const NOW = new Date('2026-03-01T12:00:00Z');
const LONG_AGO = new Date('2026-02-01T00:00:00Z');
const NOTHING: LicenseReading = {
  registration: null,
  authorization: null,
  registrationExpires: null,
  authorizationExpires: null,
  licensed: null,
};

function statusOf(reading: Partial<LicenseReading>, requestedAt: Date | null = null) {
  return licenseStatusOf({ ...NOTHING, ...reading }, 'REGISTERED', requestedAt, NOW);
}

describe('the licence status', () => {
  it.each([
    ['nothing said keeps what was known', {}, 'REGISTERED'],
    ['EXPIRED by a word', { registration: 'COMPLETED', authorization: 'AUTH_EXPIRED' }, 'EXPIRED'],
    [
      'EXPIRED by a date',
      { registration: 'COMPLETED', authorization: 'IN_COMPLIANCE', authorizationExpires: LONG_AGO },
      'EXPIRED',
    ],
    [
      'a past date of a server that is not registered means nothing',
      { registration: 'NOT_REGISTERED', authorization: 'EVAL', registrationExpires: LONG_AGO },
      'UNREGISTERED',
    ],
    ['REGISTERED', { registration: 'COMPLETED', authorization: 'IN_COMPLIANCE' }, 'REGISTERED'],
    [
      'INVALID out of compliance',
      { registration: 'COMPLETED', authorization: 'OUT_OF_COMPLIANCE' },
      'INVALID',
    ],
    [
      'INVALID where the authorization never came',
      { registration: 'COMPLETED', authorization: 'INIT' },
      'INVALID',
    ],
    ['INVALID where registration failed', { registration: 'FAILED', authorization: 'EVAL' }, 'INVALID'],
    [
      'EVALUATION needs the second sign',
      { registration: 'NOT_REGISTERED', authorization: 'EVAL', licensed: true },
      'EVALUATION',
    ],
    ['UNREGISTERED without it', { registration: 'NOT_REGISTERED', authorization: 'EVAL' }, 'UNREGISTERED'],
    ['UNREGISTERED while registering', { registration: 'RETRY_IN_PROGRESS' }, 'UNREGISTERED'],
    ['INVALID for a word that nobody knows', { registration: 'SUSPENDED' }, 'INVALID'],
  ] as const)('is %s', (_, reading, expected) => {
    expect(statusOf(reading)).toBe(expected);
  });

  it('waits two minutes for the authorization after a registration', () => {
    const settling = { registration: 'COMPLETED', authorization: 'INIT' };
    expect(statusOf(settling, new Date('2026-03-01T11:58:00Z'))).toBe('REGISTERED');
    expect(statusOf(settling, new Date('2026-03-01T11:57:59Z'))).toBe('INVALID');
  });
});

it('licence dates are UTC, with or without a zone', () => {
  expect(licenseDate('2026-04-14 00:55:21')).toEqual(new Date('2026-04-14T00:55:21Z'));
  expect(licenseDate('2026-04-14T00:55:21Z')).toEqual(new Date('2026-04-14T00:55:21Z'));
  expect(licenseDate('soon')).toBeNull();
  expect(licenseDate(null)).toBeNull();
});
