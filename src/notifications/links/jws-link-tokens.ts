import { errors, type JWTPayload, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { derivedKey, type Installation, type SealKey } from '../../event-store';
import { SECOND } from '../../kernel/clocks';
import {
  LINK_PURPOSES,
  type LinkPurpose,
  type LinkReading,
  LinkTokens,
  type NoticeLink,
} from '../domain/notice-link';

const KEY_PURPOSE = 'cml-fleet notice links v1';
const TYPE = 'notice-link+jwt';
const ALGORITHM = 'HS256';
/** Ours are a third of it; nothing longer is looked at. */
const LONGEST = 2_000;

/**
 * Links as JWS (RFC 7515) by keys derived from the key ring for nothing else. The ring's first key signs; all verify, so
 * that links outlive a change of it.
 */
export class JwsLinkTokens extends LinkTokens {
  private readonly keys: ReadonlyMap<string, Uint8Array>;
  private readonly current: { readonly kid: string; readonly key: Uint8Array };

  /** @throws RangeError for an empty ring */
  constructor(
    ring: readonly SealKey[],
    private readonly installation: Pick<Installation, 'id'>,
  ) {
    super();
    const keys = ring.map(({ kid, key }) => ({ kid, key: new Uint8Array(derivedKey(key, KEY_PURPOSE)) }));
    const [first] = keys;
    if (!first) throw new RangeError('the key ring is empty');
    this.current = first;
    this.keys = new Map(keys.map(({ kid, key }) => [kid, key]));
  }

  async sign({ id, noticeId, workerId, purpose, deadline, expiresAt }: NoticeLink): Promise<string> {
    const claims = { purpose, notice: noticeId, deadline: secondsOf(deadline) };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.current.kid })
      .setIssuer(await this.installation.id())
      .setSubject(workerId)
      .setJti(id)
      .setExpirationTime(secondsOf(expiresAt))
      .sign(this.current.key);
  }

  async read(token: string, now: Date): Promise<LinkReading> {
    if (token.length > LONGEST) return { kind: 'forged' };
    const issuer = await this.installation.id();
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyOf(header), {
        ...{ algorithms: [ALGORITHM], typ: TYPE, issuer, currentDate: now },
        requiredClaims: ['sub', 'jti', 'exp', 'purpose', 'notice', 'deadline'],
      });
      const link = linkIn(payload);
      return link ? { kind: 'good', link } : { kind: 'forged' };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'expired' };
      if (error instanceof errors.JOSEError) return { kind: 'forged' };
      throw error;
    }
  }

  private keyOf({ kid }: JWTHeaderParameters): Uint8Array {
    const key = this.keys.get(kid ?? '');
    if (!key) throw new errors.JWSSignatureVerificationFailed();
    return key;
  }
}

function linkIn({ jti, sub, exp, purpose, notice, deadline }: JWTPayload): NoticeLink | null {
  if (typeof jti !== 'string' || typeof sub !== 'string' || typeof notice !== 'string') return null;
  if (typeof exp !== 'number' || typeof deadline !== 'number' || !isPurpose(purpose)) return null;
  return {
    ...{ id: jti, noticeId: notice, workerId: sub, purpose },
    ...{ deadline: new Date(deadline * SECOND), expiresAt: new Date(exp * SECOND) },
  };
}

function isPurpose(value: unknown): value is LinkPurpose {
  return (LINK_PURPOSES as readonly unknown[]).includes(value);
}

function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / SECOND);
}
