import { type Connection, type mongo } from 'mongoose';
import { type MachineClock, plus } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { claimOnKnown, firstUse, keptHash, KEY_LIFE, RUN_LEASE } from '../idempotency-rules';
import { type IdempotencyClaim, IdempotencyStore, type IdempotentAnswer } from '../ports';
import { storeCollection } from './collections';
import { answered, isDuplicateKey } from './driver-errors';

export const IDEMPOTENCY = 'idempotency';

interface IdempotencyDocument {
  readonly _id: string;
  readonly bodyHash: string;
  readonly state: 'running' | 'done' | 'abandoned';
  /** JSON: an answer's member names may hold dots and dollars, which some servers refuse */
  readonly answer: string | null;
  /** whose outcome is kept: of two that ran it, the later one's */
  readonly claimant: string;
  readonly leaseUntil: Date;
  readonly expiresAt: Date;
}

/** Each round of a claim is lost only to another claim or the end of a request on the same key. */
const ROUNDS = 5;

export class MongoIdempotencyStore extends IdempotencyStore {
  private readonly requests: mongo.Collection<IdempotencyDocument>;

  constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.requests = storeCollection(connection, IDEMPOTENCY);
  }

  async claim(
    id: string,
    bodyHash: string,
    claimant: string,
    former: readonly string[] = [],
  ): Promise<IdempotencyClaim> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const claim = await answered(() => this.tryToClaim(id, bodyHash, claimant, former));
      if (claim) return claim;
    }
    throw new StoreUnavailable('too many requests with one idempotency key at once');
  }

  async complete(id: string, claimant: string, answer: IdempotentAnswer): Promise<void> {
    const done = { state: 'done', answer: JSON.stringify(answer) } as const;
    await answered(() => this.requests.updateOne({ _id: id, state: 'running', claimant }, { $set: done }));
  }

  async abandon(id: string, claimant: string): Promise<void> {
    const abandoned = { state: 'abandoned' } as const;
    await answered(() =>
      this.requests.updateOne({ _id: id, state: 'running', claimant }, { $set: abandoned }),
    );
  }

  /** Null when the record changed between a look and the step it led to. */
  private async tryToClaim(
    id: string,
    given: string,
    claimant: string,
    former: readonly string[],
  ): Promise<IdempotencyClaim | null> {
    const now = this.clock.now();
    if (await this.insert(id, given, claimant, now)) return { outcome: 'run', since: now, bodyHash: given };
    const known = await this.requests.findOne({ _id: id });
    if (!known) return null;
    const { state, leaseUntil, expiresAt } = known;
    if (expiresAt <= now) {
      // the server's own expiry may come a minute late
      await this.requests.deleteOne({ _id: id, expiresAt });
      return null;
    }
    const answer = known.answer === null ? null : (JSON.parse(known.answer) as IdempotentAnswer);
    const abandoned = state === 'abandoned';
    const told = claimOnKnown(
      { bodyHash: known.bodyHash, answer, leaseUntil, abandoned },
      [given, ...former],
      now,
    );
    if (told) return told;
    const bodyHash = keptHash(known, given, former);
    const renewed = await this.requests.updateOne(
      { _id: id, state, leaseUntil },
      { $set: { bodyHash, claimant, state: 'running', leaseUntil: plus(now, RUN_LEASE) } },
    );
    return renewed.modifiedCount === 1 ? { outcome: 'run', since: firstUse(expiresAt), bodyHash } : null;
  }

  private async insert(id: string, bodyHash: string, claimant: string, now: Date): Promise<boolean> {
    try {
      await this.requests.insertOne({
        _id: id,
        bodyHash,
        claimant,
        state: 'running',
        answer: null,
        leaseUntil: plus(now, RUN_LEASE),
        expiresAt: plus(now, KEY_LIFE),
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
