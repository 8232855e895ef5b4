import { type MachineClock, plus } from '../../kernel/clocks';
import {
  claimOnKnown,
  firstUse,
  keptHash,
  KEY_LIFE,
  type KnownRequest,
  RUN_LEASE,
} from '../idempotency-rules';
import { type IdempotencyClaim, IdempotencyStore, type IdempotentAnswer } from '../ports';

type Kept = KnownRequest & { readonly claimant: string; readonly expiresAt: Date };

export class MemoryIdempotencyStore extends IdempotencyStore {
  private readonly requests = new Map<string, Kept>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  claim(
    id: string,
    given: string,
    claimant: string,
    former: readonly string[] = [],
  ): Promise<IdempotencyClaim> {
    const now = this.clock.now();
    this.forgetExpired(now);
    const known = this.requests.get(id);
    const answered = known && claimOnKnown(known, [given, ...former], now);
    if (answered) return Promise.resolve(answered);
    const bodyHash = known ? keptHash(known, given, former) : given;
    const expiresAt = known?.expiresAt ?? plus(now, KEY_LIFE);
    const leaseUntil = plus(now, RUN_LEASE);
    this.requests.set(id, { bodyHash, claimant, answer: null, leaseUntil, abandoned: false, expiresAt });
    return Promise.resolve({ outcome: 'run', since: firstUse(expiresAt), bodyHash });
  }

  complete(id: string, claimant: string, answer: IdempotentAnswer): Promise<void> {
    const known = this.requests.get(id);
    if (known?.claimant === claimant && !known.answer)
      this.requests.set(id, { ...known, answer: asSent(answer) });
    return Promise.resolve();
  }

  abandon(id: string, claimant: string): Promise<void> {
    const known = this.requests.get(id);
    if (known?.claimant === claimant && !known.answer) this.requests.set(id, { ...known, abandoned: true });
    return Promise.resolve();
  }

  /** Keys are in the order of their first claim, so the expired ones stand first. */
  private forgetExpired(now: Date): void {
    for (const [id, { expiresAt }] of this.requests) {
      if (expiresAt > now) return;
      this.requests.delete(id);
    }
  }
}

/** The answer as JSON carries it. */
function asSent(answer: IdempotentAnswer): IdempotentAnswer {
  return JSON.parse(JSON.stringify(answer)) as IdempotentAnswer;
}
