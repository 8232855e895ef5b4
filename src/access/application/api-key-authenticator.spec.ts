import { Logger } from '@nestjs/common';
import { ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { ApiKey } from '../domain/api-key';
import { ApiKeyCreated } from '../domain/api-key-events';
import { KeyUsage } from '../domain/ports';
import { ApiKeyAuthenticator } from './api-key-authenticator';
import { RandomKeyGenerator, traceOfKey } from './key-text';
import { anApiKeyDirectory } from '../testing/api-key-directory';
import { KeyUseRecorder } from './key-use-recorder';

const NOW = new Date('2027-01-01T12:00:00Z');

class ListedUses extends KeyUsage {
  readonly written: [string, Date][] = [];
  failing = false;

  record(keyId: string, at: Date): Promise<void> {
    this.written.push([keyId, at]);
    return this.failing ? Promise.reject(new Error('no database')) : Promise.resolve();
  }

  lastUses(): never {
    throw new Error('not asked here');
  }
}

describe('ApiKeyAuthenticator', () => {
  const key = new Secret('cmlf_0123456789012345678901234567890123456789abc');
  let clock: ManualClock;
  let uses: ListedUses;
  let authenticator: ApiKeyAuthenticator;
  beforeEach(() => {
    clock = new ManualClock(NOW);
    uses = new ListedUses();
    const directory = anApiKeyDirectory();
    const created = new ApiKeyCreated('k1', {
      name: 'ci',
      role: 'operator',
      scope: null,
      ...traceOfKey(key),
      expiresAt: plus(NOW, 5 * MINUTE),
      createdAt: NOW,
      createdBy: 'system:test',
    });
    directory.put(ApiKey.restore('k1', [created]));
    authenticator = new ApiKeyAuthenticator(directory, new KeyUseRecorder(uses), clock);
  });

  it('recognises a key', async () => {
    expect(await authenticator.authenticate(key.reveal())).toEqual({
      actor: 'api-key:k1',
      name: 'ci',
      grants: [{ role: 'operator', scope: null }],
      expiresAt: new Date('2027-01-01T12:05:00Z'),
      credential: '0',
    });
  });

  it('refuses another text, the hash itself, and an expired key', async () => {
    expect(await authenticator.authenticate('cmlf_other')).toBeNull();
    expect(await authenticator.authenticate(traceOfKey(key).hash)).toBeNull();
    clock.advance(5 * MINUTE);
    expect(await authenticator.authenticate(key.reveal())).toBeNull();
    expect(uses.written).toEqual([]);
  });

  it('notes the use once a minute at most', async () => {
    await authenticator.authenticate(key.reveal());
    clock.advance(MINUTE - 1);
    await authenticator.authenticate(key.reveal());
    clock.advance(1);
    await authenticator.authenticate(key.reveal());
    expect(uses.written).toEqual([
      ['k1', NOW],
      ['k1', plus(NOW, MINUTE)],
    ]);
  });

  it('lets nobody wait or fail because the use cannot be noted', async () => {
    uses.failing = true;
    Logger.overrideLogger(false);
    expect(await authenticator.authenticate(key.reveal())).not.toBeNull();
  });
});

describe('the text of a key', () => {
  it('is recognisable, long and never the same', () => {
    const [first, second] = [new RandomKeyGenerator().generate(), new RandomKeyGenerator().generate()];
    expect(first.reveal()).toMatch(/^cmlf_[\w-]{43}$/);
    expect(first.reveal()).not.toBe(second.reveal());
  });

  it('leaves nothing but a hash and its beginning', () => {
    expect(traceOfKey(new Secret('cmlf_abcdefgh'))).toEqual({
      hash: 'r5q5fbDqZz1GkYoqQey7nZvbq1Xkjln48gGZ71G6Gnw',
      prefix: 'cmlf_abcd',
    });
  });
});
