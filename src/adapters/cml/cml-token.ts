import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { numberIn, recordIn, textIn } from './unknown-json';

/** A token is renewed this long before its end, or a tenth of its life before where that is short. */
const MARGIN_MS = MINUTE;

/** What a CML token says about itself; it is not verified, since only the server can. */
export interface TokenClaims {
  readonly userId: string | null;
  /** machine time from which a new one is to be fetched; null: it is used until the server refuses it */
  readonly renewAt: Date | null;
}

/**
 * Reads a JSON web token. Its life is counted from when it was received, as `exp` alone would need a server whose clock
 * is right.
 */
export function claimsOf(token: string, receivedAt: Date): TokenClaims {
  const { sub, iat, exp } = recordIn(payloadOf(token));
  const [from, to] = [numberIn(iat), numberIn(exp)];
  const userId = textIn(sub);
  if (to === null) return { userId, renewAt: null };
  const lifeMs = from === null ? to * SECOND - receivedAt.getTime() : (to - from) * SECOND;
  return { userId, renewAt: plus(receivedAt, lifeMs - Math.min(MARGIN_MS, lifeMs / 10)) };
}

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    // A token of another kind is as good: the server's 401 tells when it is over.
    return null;
  }
}
