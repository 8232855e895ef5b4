import { plus, SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { type LogTail } from './log-tail';
import { OneAtATime } from './one-at-a-time';
import { SubscriptionPass, type SubscriptionPassServices } from './subscription-pass';
import { type SubscriptionClaim, type SubscriptionDefinition } from './subscription-ports';

/** Machine milliseconds that a claim holds; after a crash the others wait this long at most. */
const CLAIM_MS = 30 * SECOND;
/** Machine milliseconds before its end at which a claim is renewed. */
const RENEW_BEFORE = 15 * SECOND;
/** Machine milliseconds between two looks at what is parked, and between two tries to get a claim. */
const LOOK_EVERY = 2 * SECOND;
/** Machine milliseconds; doubled with each pass that fails as a whole. */
const FIRST_PAUSE = SECOND;
const LONGEST_PAUSE = 60 * SECOND;

export interface SubscriptionRunnerServices extends SubscriptionPassServices {
  readonly tail: LogTail;
  readonly owner: string;
}

/** Keeps one subscription going in this process, whenever it is this process that has it. */
export class SubscriptionRunner {
  private readonly pass: SubscriptionPass;
  private readonly turns: OneAtATime<void>;
  private claim: SubscriptionClaim | null = null;
  private claimedUntil = new Date(0);
  private nextLookAt = new Date(0);
  private failures = 0;
  /** a pass failed: what it wrote last may still be on its way */
  private isInDoubt = false;
  private stopped = false;

  constructor(
    private readonly services: SubscriptionRunnerServices,
    readonly definition: SubscriptionDefinition,
  ) {
    this.pass = new SubscriptionPass(services, definition);
    this.turns = new OneAtATime(() => this.turn());
  }

  /** Does what there is to do now; never rejects. Call it when the log has grown, and about each second. */
  run(): Promise<void> {
    return this.turns.run();
  }

  /** Lets others have it. Resolves when the turn under way is over; never rejects. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.turns.idle();
    if (!this.claim) return;
    try {
      await this.services.subscriptions.release(this.claim);
    } catch (error) {
      this.services.report(error, `release the subscription ${this.definition.name}`);
    }
    this.claim = null;
  }

  private async turn(): Promise<void> {
    try {
      while (!this.stopped && this.hasWork() && (await this.ensureClaim())) {
        if (!(await this.step())) return;
      }
    } catch (error) {
      await this.failed(error);
    }
  }

  private hasWork(): boolean {
    const now = this.services.clock.now();
    if (this.claim && this.failures === 0 && this.services.tail.end > this.claim.position) return true;
    return now >= this.nextLookAt;
  }

  /** Whether there may be more to do. */
  private async step(): Promise<boolean> {
    const { clock } = this.services;
    const claim = this.claim;
    if (!claim) return false;
    let renewing = Promise.resolve();
    const renewal = setInterval(() => {
      renewing = this.renew(claim);
    }, CLAIM_MS - RENEW_BEFORE);
    try {
      const result = await this.pass.run(claim);
      this.failures = 0;
      this.nextLookAt = plus(clock.now(), LOOK_EVERY);
      if (this.claim?.fence !== claim.fence) return false;
      this.claim = result && { ...claim, position: result.position };
      return result !== null && !result.atEnd;
    } finally {
      clearInterval(renewal);
      // it must not land after a release, which lets others have the subscription
      await renewing;
    }
  }

  private async ensureClaim(): Promise<boolean> {
    const { clock, subscriptions, owner } = this.services;
    await this.leaveDoubt();
    const now = clock.now();
    if (this.claim && plus(now, RENEW_BEFORE) < this.claimedUntil) return true;
    const claim = await subscriptions.claim(this.definition.name, owner, CLAIM_MS);
    this.take(claim, now);
    if (!claim) this.nextLookAt = plus(now, LOOK_EVERY);
    return claim !== null;
  }

  /**
   * Goes on under a new fence after a pass that failed. A removal of what is put aside, whose answer was lost, may come
   * to the store later than what is skipped in the meantime because of it: under the old fence it is refused then.
   */
  private async leaveDoubt(): Promise<void> {
    if (this.isInDoubt && this.claim) await this.services.subscriptions.release(this.claim);
    if (this.isInDoubt) this.claim = null;
    this.isInDoubt = false;
  }

  /** While a long pass is under way. A claim that turns out to be lost ends it at its next move. */
  private async renew({ fence }: SubscriptionClaim): Promise<void> {
    const { clock, subscriptions, owner, report } = this.services;
    const now = clock.now();
    try {
      const renewed = await subscriptions.claim(this.definition.name, owner, CLAIM_MS);
      if (renewed?.fence === fence) this.claimedUntil = plus(now, CLAIM_MS);
      else this.take(renewed, now);
    } catch (error) {
      report(error, `renew the claim on ${this.definition.name}`);
    }
  }

  private take(claim: SubscriptionClaim | null, askedAt: Date): void {
    this.claim = claim;
    this.claimedUntil = plus(askedAt, CLAIM_MS);
  }

  private async failed(error: unknown): Promise<void> {
    const { clock, random, report, subscriptions } = this.services;
    const wait = Math.min(FIRST_PAUSE * 2 ** this.failures, LONGEST_PAUSE) * (0.5 + random() / 2);
    this.failures += 1;
    this.isInDoubt = true;
    this.nextLookAt = plus(clock.now(), wait);
    report(error, `go on with the subscription ${this.definition.name}`);
    if (!this.claim || error instanceof StoreUnavailable) return;
    const message = error instanceof Error ? error.message : String(error);
    try {
      await subscriptions.noteFailure(this.claim, message);
    } catch (cause) {
      report(cause, `note the failure of ${this.definition.name}`);
    }
  }
}
