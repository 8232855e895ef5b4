import { ManualClock } from '../kernel/clocks';
import { CommitMaker } from './commit-maker';
import { HmacCommitSeal } from './hmac-commit-seal';
import { aRequest, BookPlaced, START } from './testing/books';

const old = { kid: 'k1', key: Buffer.alloc(32, 1) };
const current = { kid: 'k2', key: Buffer.alloc(32, 2) };

function commitSealedWith(...ring: ConstructorParameters<typeof HmacCommitSeal>[0]) {
  const events = [new BookPlaced('b1', { shelf: 'A', at: START, tags: { b: '2', a: '1' } })];
  return new CommitMaker(new ManualClock(START), new HmacCommitSeal(ring)).make(aRequest({ events }));
}

describe('HmacCommitSeal', () => {
  it('makes the same hash of the same commit for ever', () => {
    // computed apart from this program, from the definition: HKDF, canonical form, HMAC-SHA-256
    expect(commitSealedWith(old).hash).toBe('k1:tnSyLAICHPbXy_05knlAw5WYdhJ9OduumBBwm1sZb-Q');
  });

  it('seals with the first key of the ring, and verifies with all', () => {
    expect(commitSealedWith(current, old).hash).toMatch(/^k2:[\w-]{43}$/);
    expect(new HmacCommitSeal([current, old]).verify(commitSealedWith(old))).toBe(true);
    expect(new HmacCommitSeal([current]).verify(commitSealedWith(old))).toBe(false);
  });

  it('does not mind in which order members come back', () => {
    const { meta, ...rest } = commitSealedWith(old);
    const turned = { meta: Object.fromEntries(Object.entries(meta).reverse()) as typeof meta, ...rest };
    expect(new HmacCommitSeal([old]).verify(turned)).toBe(true);
  });

  it.each([
    ['the actor', { meta: { actor: 'mallory', reason: null, correlationId: 'c-1', causationId: null } }],
    ['the time', { at: new Date(START.getTime() + 1) }],
    ['the kind of the time', { at: START.toISOString() as unknown as Date }],
    ['the events', { events: [] }],
    ['something beside it', { note: 'x' }],
    ['the place', { first: 2, last: 2 }],
    ['the hash before', { previousHash: 'k1:x' }],
    ['the hash', { hash: 'k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['the key', { hash: 'nonsense' }],
  ])('refuses a commit with another value for %s', (_what, change) => {
    expect(new HmacCommitSeal([old]).verify({ ...commitSealedWith(old), ...change })).toBe(false);
  });

  describe('of snapshots', () => {
    const state = { shelf: 'A', placedAt: START };
    const snapshot = { stream: 'book-b1', version: 9, schema: 1, state, at: START, hash: 'k1:h' };

    it('is kept by every key of the ring', () => {
      const seal = new HmacCommitSeal([old]).sealSnapshot(snapshot);
      expect(new HmacCommitSeal([current, old]).verifySnapshot({ ...snapshot, seal })).toBe(true);
      expect(new HmacCommitSeal([current]).verifySnapshot({ ...snapshot, seal })).toBe(false);
    });

    it('is broken by a change, and is not that of a commit', () => {
      const ring = new HmacCommitSeal([old]);
      const seal = ring.sealSnapshot(snapshot);
      expect(ring.verifySnapshot({ ...snapshot, state: { ...state, shelf: 'B' }, seal })).toBe(false);
      expect(ring.verifySnapshot({ ...snapshot, stream: 'book-b2', seal })).toBe(false);
      expect(ring.seal(snapshot as never)).not.toBe(seal);
    });
  });

  it('needs a key', () => {
    expect(() => new HmacCommitSeal([])).toThrow(RangeError);
  });
});
