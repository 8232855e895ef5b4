import { ApiKey, type NewApiKey } from '../domain/api-key';
import { ApiKeyCreated, ApiKeyRevoked } from '../domain/api-key-events';
import { anApiKeyDirectory } from '../testing/api-key-directory';
import { type ApiKeyDirectory } from './api-key-directory';

const NOW = new Date('2027-01-01T12:00:00Z');
const LATER = new Date('2027-01-02T12:00:00Z');

const created = (id: string, given: Partial<NewApiKey> = {}) =>
  new ApiKeyCreated(id, {
    name: id,
    role: 'viewer',
    scope: null,
    hash: `hash-${id}`,
    prefix: 'cmlf_abcd',
    expiresAt: null,
    createdAt: NOW,
    createdBy: 'system:test',
    ...given,
  });
const revoked = (id: string) => new ApiKeyRevoked(id, { revokedAt: NOW, revokedBy: 'api-key:x' });

describe('ApiKeyDirectory', () => {
  let directory: ApiKeyDirectory;
  beforeEach(() => {
    directory = anApiKeyDirectory();
  });

  it('finds a key by its hash until it is revoked', () => {
    directory.put(ApiKey.restore('a', [created('a')]));
    expect(directory.usable('hash-a', NOW)).toMatchObject({ id: 'a', state: { name: 'a' } });
    expect(directory.usable('hash-b', NOW)).toBeNull();
    directory.put(ApiKey.restore('a', [created('a'), revoked('a')]));
    expect(directory.usable('hash-a', NOW)).toBeNull();
  });

  it('finds a key until it expires', () => {
    directory.put(ApiKey.restore('a', [created('a', { expiresAt: LATER })]));
    expect(directory.usable('hash-a', NOW)).not.toBeNull();
    expect(directory.usable('hash-a', LATER)).toBeNull();
  });

  it('is not empty when all keys are revoked', () => {
    expect(directory.isEmpty).toBe(true);
    directory.put(ApiKey.restore('a', [created('a'), revoked('a')]));
    expect(directory.isEmpty).toBe(false);
    expect(directory.list()).toEqual([]);
  });

  it('lists the oldest first', () => {
    directory.put(ApiKey.restore('b', [created('b', { createdAt: LATER })]));
    directory.put(ApiKey.restore('c', [created('c')]));
    directory.put(ApiKey.restore('a', [created('a')]));
    expect(directory.list().map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  it('knows the last admin: neither other roles nor revoked or expired keys count', () => {
    directory.put(ApiKey.restore('a', [created('a', { role: 'admin' })]));
    directory.put(ApiKey.restore('b', [created('b', { role: 'operator' })]));
    directory.put(ApiKey.restore('c', [created('c', { role: 'admin' }), revoked('c')]));
    directory.put(ApiKey.restore('d', [created('d', { role: 'admin', expiresAt: LATER })]));
    expect(directory.isLastAdmin('a', NOW)).toBe(false);
    expect(directory.isLastAdmin('a', LATER)).toBe(true);
    expect(directory.isLastAdmin('b', LATER)).toBe(false);
  });
});
