import { errors, type FlattenedJWSInput, type JWTHeaderParameters, type JWTVerifyGetKey } from 'jose';
import { ageOf, HOUR, MINUTE, SECOND } from '../../kernel/clocks';
import { IdentityUnavailable } from '../domain/oidc/oidc-errors';

type PublicKey = Awaited<ReturnType<JWTVerifyGetKey>>;

/** Keys of this age are loaded anew beside the requests that use them. */
const FRESH = 5 * MINUTE;
/** Keys of this age are used only when the issuer did not answer when it was asked last: a withdrawn key ends here. */
const OLD = 10 * MINUTE;
/** Keys of this age are not used any more: they may have been withdrawn long ago. */
const OLDEST = 24 * HOUR;
/** How long the issuer is not asked again, whatever tokens come. */
export const COOL_DOWN = 10 * SECOND;

interface KnownKeys {
  readonly keys: JWTVerifyGetKey;
  readonly loadedAt: Date;
}

interface Attempt {
  readonly at: Date;
  readonly failed: boolean;
}

/**
 * The keys of the issuer, in memory. They are loaded when a token needs one that is not known, and now and then, but not
 * more often than every ten seconds. While the issuer does not answer, those that are known go on for a day. All times
 * are machine time.
 */
export class IssuerKeys {
  private known: KnownKeys | null = null;
  private last: Attempt | null = null;
  private loading: Promise<void> | null = null;

  /** @param report told when the issuer begins to fail, with why, and of null when it answers again */
  constructor(
    private readonly load: () => Promise<JWTVerifyGetKey>,
    private readonly report: (error: unknown) => void,
  ) {}

  /**
   * The key that a token says it is signed with.
   * @throws JOSEError when the issuer has no such key; IdentityUnavailable when it cannot be asked
   */
  async keyOf(header: JWTHeaderParameters, token: FlattenedJWSInput, now: Date): Promise<PublicKey> {
    await this.keepFresh(now);
    return (
      (await this.find(header, token, now)) ??
      (await this.refreshed(now).then(() => this.find(header, token, now))) ??
      this.missing(now)
    );
  }

  /** Loads the keys if they may be loaded now. Never rejects. */
  refreshed(now: Date): Promise<void> {
    if (this.loading) return this.loading;
    if (this.last && ageOf(this.last.at, now) < COOL_DOWN) return Promise.resolve();
    this.loading = this.attempt(now).finally(() => (this.loading = null));
    return this.loading;
  }

  private async keepFresh(now: Date): Promise<void> {
    if (!this.known) return;
    const age = ageOf(this.known.loadedAt, now);
    if (age < FRESH) return;
    const loaded = this.refreshed(now);
    if (age >= OLD && !this.last?.failed) await loaded;
  }

  private async find(header: JWTHeaderParameters, token: FlattenedJWSInput, now: Date) {
    if (!this.known || ageOf(this.known.loadedAt, now) >= OLDEST) return null;
    try {
      return await this.known.keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null;
      throw error;
    }
  }

  private missing(now: Date): never {
    if (!this.last?.failed) throw new errors.JWKSNoMatchingKey();
    const rest = COOL_DOWN - ageOf(this.last.at, now);
    throw new IdentityUnavailable(Math.max(1, Math.ceil(rest / SECOND)));
  }

  private async attempt(at: Date): Promise<void> {
    const hadFailed = this.last?.failed ?? false;
    try {
      this.known = { keys: await this.load(), loadedAt: at };
      this.last = { at, failed: false };
      if (hadFailed) this.report(null);
    } catch (error) {
      this.last = { at, failed: true };
      if (!hadFailed) this.report(error);
    }
  }
}
