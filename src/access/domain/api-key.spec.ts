import { ApiKey, type ApiKeyState, isUsable, type NewApiKey } from './api-key';
import { ApiKeyCreated, ApiKeyRevoked } from './api-key-events';

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
const created = new ApiKeyCreated('k1', given);
const revoked = new ApiKeyRevoked('k1', { revokedAt: LATER, revokedBy: 'api-key:2' });

describe('ApiKey', () => {
  it('is created', () => {
    const key = ApiKey.create('k1', given);
    expect(key.uncommitted).toEqual([created]);
    expect(key.state).toEqual({ ...given, revokedAt: null, revokedBy: null });
  });

  it('is revoked', () => {
    const key = ApiKey.restore('k1', [created]);
    expect(key.revoke('api-key:2', LATER)).toBe(true);
    expect(key.uncommitted).toEqual([revoked]);
    expect(key.state).toEqual({ ...given, revokedAt: LATER, revokedBy: 'api-key:2' });
  });

  it('is revoked once only', () => {
    const key = ApiKey.restore('k1', [created, revoked]);
    expect(key.revoke('api-key:3', LATER)).toBe(false);
    expect(key.uncommitted).toEqual([]);
    expect(key.version).toBe(2);
  });
});

describe('isUsable', () => {
  const state: ApiKeyState = { ...given, revokedAt: null, revokedBy: null };

  it.each<[string, Partial<ApiKeyState>, Date, boolean]>([
    ['before it expires', {}, new Date(LATER.getTime() - 1), true],
    ['when it expires', {}, LATER, false],
    ['when it never expires', { expiresAt: null }, LATER, true],
    ['once revoked', { expiresAt: null, revokedAt: NOW }, LATER, false],
  ])('%s', (_, change, now, usable) => {
    expect(isUsable({ ...state, ...change }, now)).toBe(usable);
  });
});
