import { ManualClock, plus } from '../../kernel/clocks';
import { type Grant, type Principal } from '../../kernel/principal';
import { Secret } from '../../kernel/secret';
import { ApiKey } from '../domain/api-key';
import { ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated } from '../domain/api-key-events';
import { AssignedGrants, TokenAuthenticator } from '../domain/rights-ports';
import { MemoryKeyUsage } from '../persistence/key-usage.memory';
import { anApiKeyDirectory } from '../testing/api-key-directory';
import { AccessAuthenticator } from './access-authenticator';
import { ApiKeyAuthenticator } from './api-key-authenticator';
import { KeyUseRecorder } from './key-use-recorder';
import { traceOfKey } from './key-text';

const NOW = new Date('2027-01-01T12:00:00Z');
const LATER = new Date('2027-01-01T13:00:00Z');
const KEY = 'cmlf_0123456789012345678901234567890123456789abc';
/** A bootstrap key may be any text. */
const FIRST_KEY = 'looks-like.an-access.token';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln';
const ANN: Principal = {
  ...{ actor: 'user:ann', name: 'Ann', expiresAt: LATER },
  grants: [{ role: 'user', scope: { workerIds: [] } }],
};

class AnnsTokens extends TokenAuthenticator {
  readonly asked: string[] = [];
  valid = true;
  listener: (() => void) | null = null;

  authenticate(bearer: string) {
    this.asked.push(bearer);
    return Promise.resolve(bearer === TOKEN ? ANN : null);
  }

  isStillValid({ actor }: Principal) {
    return actor === ANN.actor && this.valid;
  }

  onChange(listener: () => void) {
    this.listener = listener;
    return () => void (this.listener = null);
  }
}

class Assigned extends AssignedGrants {
  readonly grants = new Map<string, readonly Grant[]>();

  grantsOf(actor: string) {
    return this.grants.get(actor) ?? [];
  }
}

const created = (id: string, text: string) =>
  new ApiKeyCreated(id, {
    ...{ name: id, role: 'viewer', scope: { regions: ['us-east-1'] }, ...traceOfKey(new Secret(text)) },
    ...{ expiresAt: null, createdAt: NOW, createdBy: 'system:test' },
  });
const rotatedTo = (text: string, overlapUntil: Date | null) =>
  new ApiKeyRotated('k1', {
    ...{ ...traceOfKey(new Secret(text)), overlapUntil },
    ...{ rotatedAt: NOW, rotatedBy: 'system:test' },
  });

describe('AccessAuthenticator', () => {
  const clock = new ManualClock(NOW);
  const tokens = new AnnsTokens();
  const assigned = new Assigned();
  const directory = anApiKeyDirectory();
  directory.put(ApiKey.restore('k1', [created('k1', KEY)]));
  directory.put(ApiKey.restore('first', [created('first', FIRST_KEY)]));
  const keys = new ApiKeyAuthenticator(directory, new KeyUseRecorder(new MemoryKeyUsage()), clock);
  const authenticator = new AccessAuthenticator({ keys, tokens, assigned });
  beforeEach(() => {
    tokens.asked.length = 0;
    assigned.grants.clear();
  });

  it('recognises API keys without asking about tokens, the first one of whatever form too', async () => {
    expect(await authenticator.authenticate(KEY)).toMatchObject({ actor: 'api-key:k1' });
    expect(await authenticator.authenticate(FIRST_KEY)).toMatchObject({ actor: 'api-key:first' });
    expect(await authenticator.authenticate('cmlf_a.b.c')).toBeNull();
    expect(tokens.asked).toEqual([]);
  });

  it('has what looks like a token recognised by whoever knows them, and nothing else', async () => {
    expect(await authenticator.authenticate(TOKEN)).toEqual(ANN);
    expect(await authenticator.authenticate('a.b.c')).toBeNull();
    for (const text of ['secret', 'a.b', 'a.b.c.d', 'a..c', 'a.b.c=']) {
      expect(await authenticator.authenticate(text)).toBeNull();
    }
    expect(tokens.asked).toEqual([TOKEN, 'a.b.c']);
  });

  it('knows no tokens where nobody does', async () => {
    const alone = new AccessAuthenticator({ keys, tokens: null, assigned: null });
    expect(await alone.authenticate(TOKEN)).toBeNull();
    expect(alone.isStillValid(ANN)).toBe(false);
    expect(await alone.authenticate(KEY)).toMatchObject({ grants: [{ role: 'viewer' }] });
  });

  it('adds what is assigned at this moment, of keys and of tokens', async () => {
    const grant: Grant = { role: 'user', scope: { workerIds: ['w1'] } };
    assigned.grants.set('api-key:k1', [grant]).set('user:ann', [grant]);
    const own = { role: 'viewer', scope: { regions: ['us-east-1'] } };
    expect((await authenticator.authenticate(KEY))?.grants).toEqual([own, grant]);
    expect((await authenticator.authenticate(TOKEN))?.grants).toEqual([...ANN.grants, grant]);
    assigned.grants.clear();
    expect((await authenticator.authenticate(KEY))?.grants).toEqual([own]);
  });

  it('asks whoever recognised a caller whether he still would be', async () => {
    const holder = await authenticator.authenticate(FIRST_KEY);
    expect(authenticator.isStillValid(holder ?? ANN)).toBe(true);
    expect(authenticator.isStillValid(ANN)).toBe(true);
    tokens.valid = false;
    expect(authenticator.isStillValid(ANN)).toBe(false);
    const revoked = new ApiKeyRevoked('first', { revokedAt: NOW, revokedBy: 'api-key:k1' });
    directory.put(ApiKey.restore('first', [created('first', FIRST_KEY), revoked]));
    expect(holder && authenticator.isStillValid(holder)).toBe(false);
  });

  it('tells of changes of keys and of tokens until it is ended', () => {
    const listener = jest.fn();
    const end = authenticator.onChange(listener);
    directory.put(ApiKey.restore('k2', [created('k2', `${KEY}2`)]));
    tokens.listener?.();
    expect(listener).toHaveBeenCalledTimes(2);
    end();
    directory.put(ApiKey.restore('k3', [created('k3', `${KEY}3`)]));
    expect(listener).toHaveBeenCalledTimes(2);
    expect(tokens.listener).toBeNull();
  });

  it('ends what was begun by a text that was replaced: at once, or with the overlap', async () => {
    const [second, third] = [`${KEY}-second`, `${KEY}-third`];
    const begunBy = async (text: string) => {
      const holder = await authenticator.authenticate(text);
      if (!holder) throw new Error(`${text} was not recognised`);
      return { expiresAt: holder.expiresAt, isValid: () => authenticator.isStillValid(holder) };
    };
    const byFirst = await begunBy(KEY);
    directory.put(ApiKey.restore('k1', [created('k1', KEY), rotatedTo(second, LATER)]));
    const bySecond = await begunBy(second);
    const byFirstInOverlap = await begunBy(KEY);
    expect([bySecond.expiresAt, byFirstInOverlap.expiresAt]).toEqual([null, LATER]);
    clock.set(plus(LATER, -1));
    expect([byFirst.isValid(), byFirstInOverlap.isValid(), bySecond.isValid()]).toEqual([true, true, true]);
    clock.set(LATER);
    expect([byFirst.isValid(), byFirstInOverlap.isValid(), bySecond.isValid()]).toEqual([false, false, true]);

    const rotations = [rotatedTo(second, LATER), rotatedTo(third, null)];
    directory.put(ApiKey.restore('k1', [created('k1', KEY), ...rotations]));
    expect(bySecond.isValid()).toBe(false);
    expect((await begunBy(third)).isValid()).toBe(true);
  });
});
