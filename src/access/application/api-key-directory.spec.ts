import { type Commit, EventRegistry, type LogEntry, streamOf } from '../../event-store';
import { type DomainEvent } from '../../kernel/domain-event';
import { ApiKey, type NewApiKey } from '../domain/api-key';
import { API_KEY_EVENTS, ApiKeyCreated, ApiKeyRevoked } from '../domain/api-key-events';
import { ApiKeyDirectory } from './api-key-directory';

const NOW = new Date('2027-01-01T12:00:00Z');
const LATER = new Date('2027-01-02T12:00:00Z');

const created = (id: string, given: Partial<NewApiKey> = {}) =>
  new ApiKeyCreated(id, {
    name: id,
    role: 'viewer',
    hash: `hash-${id}`,
    prefix: 'cmlf_abcd',
    expiresAt: null,
    createdAt: NOW,
    createdBy: 'system:test',
    ...given,
  });
const revoked = (id: string) => new ApiKeyRevoked(id, { revokedAt: NOW, revokedBy: 'api-key:x' });

/** The entry of a commit that wrote one event. */
function entry(version: number, { aggregateId, type, schema, data }: DomainEvent, kind = 'apikey'): LogEntry {
  const stored = { id: 'e', type, schema, data: data as Commit['events'][number]['data'] };
  const meta = { actor: 'system:test', reason: null, correlationId: 'c', causationId: null };
  const commit = {
    id: 'x',
    stream: streamOf(kind, aggregateId),
    first: version,
    last: version,
    commitId: 'c',
  };
  return {
    position: 1,
    commit: { ...commit, events: [stored], meta, at: NOW, previousHash: null, hash: 'h' },
  };
}

describe('ApiKeyDirectory', () => {
  let directory: ApiKeyDirectory;
  beforeEach(() => {
    const registry = new EventRegistry();
    registry.register(API_KEY_EVENTS);
    directory = new ApiKeyDirectory(registry, 'apikey');
  });

  it('finds a key by its hash until it is revoked', () => {
    directory.follow(entry(1, created('a')));
    expect(directory.usable('hash-a', NOW)).toMatchObject({ id: 'a', state: { name: 'a' } });
    expect(directory.usable('hash-b', NOW)).toBeNull();
    directory.follow(entry(2, revoked('a')));
    expect(directory.usable('hash-a', NOW)).toBeNull();
  });

  it('finds a key until it expires', () => {
    directory.follow(entry(1, created('a', { expiresAt: LATER })));
    expect(directory.usable('hash-a', NOW)).not.toBeNull();
    expect(directory.usable('hash-a', LATER)).toBeNull();
  });

  it('does not fall back when the log brings what this process wrote', () => {
    directory.put(ApiKey.restore('a', [created('a'), revoked('a')]));
    directory.follow(entry(1, created('a')));
    directory.put(ApiKey.restore('a', [created('a')]));
    expect(directory.usable('hash-a', NOW)).toBeNull();
  });

  it('passes over what is not about keys', () => {
    directory.follow(entry(1, created('a'), 'worker'));
    expect(directory.isEmpty).toBe(true);
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
