import { ApiKeyEnded } from './access-errors';
import { ApiKey, type ApiKeyState, isTextUsable, isUsable, type NewApiKey } from './api-key';
import { ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated } from './api-key-events';

const NOW = new Date('2027-01-01T12:00:00Z');
const LATER = new Date('2027-01-02T12:00:00Z');
const given: NewApiKey = {
  name: 'ci',
  role: 'operator',
  scope: null,
  hash: 'h',
  prefix: 'cmlf_abcd',
  expiresAt: LATER,
  createdAt: NOW,
  createdBy: 'api-key:1',
};
/** What a key has besides what it was given, before anything happens to it. */
const unchanged = { rotations: 0, rotatedAt: null, previous: null, revokedAt: null, revokedBy: null };
const created = new ApiKeyCreated('k1', given);
const revoked = new ApiKeyRevoked('k1', { revokedAt: LATER, revokedBy: 'api-key:2' });

describe('ApiKey', () => {
  it('is created', () => {
    const key = ApiKey.create('k1', given);
    expect(key.uncommitted).toEqual([created]);
    expect(key.state).toEqual({ ...given, ...unchanged });
  });

  it('is revoked', () => {
    const key = ApiKey.restore('k1', [created]);
    expect(key.revoke('api-key:2', LATER)).toBe(true);
    expect(key.uncommitted).toEqual([revoked]);
    expect(key.state).toEqual({ ...given, ...unchanged, revokedAt: LATER, revokedBy: 'api-key:2' });
  });

  it('is revoked once only', () => {
    const key = ApiKey.restore('k1', [created, revoked]);
    expect(key.revoke('api-key:3', LATER)).toBe(false);
    expect(key.uncommitted).toEqual([]);
    expect(key.version).toBe(2);
  });
});

describe('a rotation', () => {
  const SOON = new Date('2027-01-01T13:00:00Z');
  const at = { fleet: new Date('2030-01-01T00:00:00Z'), machine: NOW };
  const second = { hash: 'h2', prefix: 'cmlf_efgh', overlapUntil: SOON, by: 'api-key:2' };
  const rotatedTo = (hash: string, overlapUntil: Date | null) =>
    new ApiKeyRotated('k1', {
      ...{ hash, prefix: `cmlf_${hash}`, overlapUntil },
      ...{ rotatedAt: NOW, rotatedBy: 'api-key:2' },
    });

  it('gives a new text, and keeps the one before for the overlap', () => {
    const key = ApiKey.restore('k1', [created]);
    key.rotate(second, at);
    expect(key.uncommitted).toEqual([
      new ApiKeyRotated('k1', {
        ...{ hash: 'h2', prefix: 'cmlf_efgh', overlapUntil: SOON },
        ...{ rotatedAt: at.fleet, rotatedBy: 'api-key:2' },
      }),
    ]);
    expect(key.state).toEqual({
      ...{ ...given, ...unchanged, hash: 'h2', prefix: 'cmlf_efgh' },
      ...{ rotations: 1, rotatedAt: at.fleet },
      previous: { hash: 'h', prefix: 'cmlf_abcd', until: SOON },
    });
  });

  it('is refused of a key that was revoked or has expired', () => {
    expect(() => ApiKey.restore('k1', [created, revoked]).rotate(second, at)).toThrow(ApiKeyEnded);
    const expired = ApiKey.restore('k1', [created]);
    expect(() => expired.rotate(second, { ...at, machine: LATER })).toThrow(ApiKeyEnded);
    expect(expired.uncommitted).toEqual([]);
  });

  const before = (time: Date) => new Date(time.getTime() - 1);
  it.each<[string, ApiKeyRotated[], number, Date, boolean]>([
    ['the new text opens', [rotatedTo('b', SOON)], 1, NOW, true],
    ['the text before opens during the overlap', [rotatedTo('b', SOON)], 0, before(SOON), true],
    ['the text before opens no more when it is over', [rotatedTo('b', SOON)], 0, SOON, false],
    ['without an overlap it never does', [rotatedTo('b', null)], 0, NOW, false],
    ['one before that does not', [rotatedTo('b', SOON), rotatedTo('c', SOON)], 0, NOW, false],
    [
      'after a second rotation the first one’s does',
      [rotatedTo('b', SOON), rotatedTo('c', SOON)],
      1,
      NOW,
      true,
    ],
    [
      'one without an overlap ends the overlap before',
      [rotatedTo('b', SOON), rotatedTo('c', null)],
      1,
      NOW,
      false,
    ],
    ['no text is opened that never was', [rotatedTo('b', SOON)], 2, NOW, false],
    ['nor one that nobody can tell', [rotatedTo('b', SOON)], NaN, NOW, false],
    ['nothing opens once the key has expired', [rotatedTo('b', LATER)], 1, LATER, false],
  ])('%s', (_, rotations, rotation, now, usable) => {
    const { state } = ApiKey.restore('k1', [created, ...rotations]);
    expect(isTextUsable(state, rotation, now)).toBe(usable);
  });
});

describe('isUsable', () => {
  const state: ApiKeyState = { ...given, ...unchanged };

  it.each<[string, Partial<ApiKeyState>, Date, boolean]>([
    ['before it expires', {}, new Date(LATER.getTime() - 1), true],
    ['when it expires', {}, LATER, false],
    ['when it never expires', { expiresAt: null }, LATER, true],
    ['once revoked', { expiresAt: null, revokedAt: NOW }, LATER, false],
  ])('%s', (_, change, now, usable) => {
    expect(isUsable({ ...state, ...change }, now)).toBe(usable);
  });
});
