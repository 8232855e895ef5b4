import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiKey, type NewApiKey } from '../domain/api-key';
import { ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated } from '../domain/api-key-events';
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

  const byText = (id: string, now = NOW) =>
    directory.recognise({ hash: `hash-${id}`, prefix: 'cmlf_abcd' }, now);

  it('finds a key by its text until it is revoked', () => {
    directory.put(ApiKey.restore('a', [created('a')]));
    expect(byText('a')).toMatchObject({ id: 'a', state: { name: 'a' }, rotation: 0, goodUntil: null });
    expect(byText('b')).toBeNull();
    directory.put(ApiKey.restore('a', [created('a'), revoked('a')]));
    expect(byText('a')).toBeNull();
  });

  it('finds a key until it expires', () => {
    directory.put(ApiKey.restore('a', [created('a', { expiresAt: LATER })]));
    expect(byText('a')).toMatchObject({ goodUntil: LATER });
    expect(byText('a', LATER)).toBeNull();
  });

  it('finds a key by its new text, and by the one before until the overlap ends, or the key', () => {
    const rotated = (overlapUntil: Date | null) =>
      new ApiKeyRotated('a', {
        ...{ hash: 'hash-new', prefix: 'cmlf_wxyz', overlapUntil },
        ...{ rotatedAt: NOW, rotatedBy: 'api-key:x' },
      });
    const byNewText = () => directory.recognise({ hash: 'hash-new', prefix: 'cmlf_wxyz' }, NOW);
    directory.put(ApiKey.restore('a', [created('a')]));
    directory.put(ApiKey.restore('a', [created('a'), rotated(LATER)]));
    expect(byNewText()).toMatchObject({ id: 'a', rotation: 1, goodUntil: null });
    expect(byText('a')).toMatchObject({ id: 'a', rotation: 0, goodUntil: LATER });
    expect(byText('a', LATER)).toBeNull();
    expect(directory.isUsable('a', 0, NOW)).toBe(true);
    expect(directory.isUsable('a', 0, LATER)).toBe(false);

    const SOON = new Date('2027-01-01T13:00:00Z');
    directory.put(ApiKey.restore('a', [created('a', { expiresAt: SOON }), rotated(LATER), rotated(LATER)]));
    expect(directory.recognise({ hash: 'hash-new', prefix: 'cmlf_wxyz' }, NOW)?.goodUntil).toEqual(SOON);
    expect(byText('a')).toBeNull();
  });

  it('compares a text with all that begin alike, in constant time, whichever of them it is', () => {
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    directory.put(ApiKey.restore('a', [created('a')]));
    directory.put(ApiKey.restore('b', [created('b'), revoked('b')]));
    directory.put(ApiKey.restore('c', [created('c', { prefix: 'cmlf_wxyz' })]));
    const compared = (text: string) => {
      compare.mockClear();
      byText(text);
      return compare.mock.calls.map((hashes) => hashes.map((hash) => (hash as Buffer).toString()));
    };
    for (const text of ['a', 'b', 'x']) {
      expect(compared(text)).toEqual([
        ['hash-a', `hash-${text}`],
        ['hash-b', `hash-${text}`],
      ]);
    }
    compare.mockRestore();
  });

  it('has no other way from a text to its key: nothing is looked up by a hash, nor compared by ===', () => {
    const source = readFileSync(join(__dirname, 'api-key-directory.ts'), 'utf8');
    const uses = [...source.matchAll(/.*\bhash\b.*/gi)].map(([line]) => line.trim());
    expect(uses).toEqual([
      'recognise({ hash, prefix }: KeyTrace, now: Date): RecognisedKey | null {',
      'if (sameHash(state.hash, hash)) found = { id, state, rotation: rotations, goodUntil: expiresAt };',
      'if (previous && sameHash(previous.hash, hash)) {',
    ]);
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

  it('knows the last admin: neither other roles nor limited, revoked or expired keys count', () => {
    directory.put(ApiKey.restore('a', [created('a', { role: 'admin' })]));
    directory.put(ApiKey.restore('b', [created('b', { role: 'operator' })]));
    const limited = { role: 'admin' as const, scope: { regions: ['us-east-1'] } };
    directory.put(ApiKey.restore('e', [created('e', limited)]));
    directory.put(ApiKey.restore('c', [created('c', { role: 'admin' }), revoked('c')]));
    directory.put(ApiKey.restore('d', [created('d', { role: 'admin', expiresAt: LATER })]));
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => directory.isLastAdmin(id, NOW))).toEqual(['a']);
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => directory.isLastAdmin(id, LATER))).toEqual(['a']);
    directory.put(ApiKey.restore('f', [created('f', { role: 'admin' })]));
    expect(directory.isLastAdmin('a', NOW)).toBe(false);
  });

  it('lets an admin stand in for another only where it works as long', () => {
    const SOON = new Date('2027-01-01T13:00:00Z');
    const put = (id: string, expiresAt: Date | null) =>
      directory.put(ApiKey.restore(id, [created(id, { role: 'admin', expiresAt })]));
    const last = () => ['a', 'b', 'c'].filter((id) => directory.isLastAdmin(id, NOW));
    put('a', SOON);
    expect(last()).toEqual(['a']);
    put('b', LATER);
    expect(last()).toEqual(['b']);
    put('c', LATER);
    expect(last()).toEqual([]);
    expect(directory.isLastAdmin('a', LATER)).toBe(false);
    put('d', null);
    expect(last()).toEqual([]);
    expect(directory.isLastAdmin('d', NOW)).toBe(true);
  });
});
