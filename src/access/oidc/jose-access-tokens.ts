import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { plus, SECOND } from '../../kernel/clocks';
import { AccessTokens } from '../domain/oidc/oidc-ports';
import { type ClaimNames, type Person, personOf } from '../domain/oidc/person';
import { isAccessToken } from '../domain/oidc/token-kind';
import { type IssuerKeys } from './issuer-keys';

/** Seconds by which the issuer's clock may differ from ours. */
const TOLERANCE = 30;

export interface TokenRules {
  /** exactly as the tokens have it */
  readonly issuer: string;
  readonly audience: string;
  /** of JWS, none of them symmetric */
  readonly algorithms: readonly string[];
  readonly claims: ClaimNames;
}

/** Access tokens as JWT (RFC 7519), signed with a key of the issuer. */
export class JoseAccessTokens extends AccessTokens {
  /** @param report told of keys of the issuer that cannot be used, without a word of a token */
  constructor(
    private readonly rules: TokenRules,
    private readonly keys: Pick<IssuerKeys, 'keyOf'>,
    private readonly report: (error: unknown) => void,
  ) {
    super();
  }

  async personOf(token: string, now: Date): Promise<Person | null> {
    try {
      return await this.verified(token, now);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      // what jose throws at a key that is broken or too short (RFC 7518, 3.3)
      if (error instanceof TypeError || error instanceof DOMException) {
        this.report(error);
        return null;
      }
      throw error;
    }
  }

  private async verified(token: string, now: Date): Promise<Person | null> {
    const { issuer, audience, algorithms, claims } = this.rules;
    if (!this.mayBeGood(token, now)) return null;
    const { payload, protectedHeader } = await jwtVerify(
      token,
      (header, jws) => this.keys.keyOf(header, jws, now),
      {
        ...{ issuer, audience, algorithms: [...algorithms], currentDate: now, clockTolerance: TOLERANCE },
        requiredClaims: ['exp', 'sub'],
      },
    );
    if (!isAccessToken(protectedHeader.typ, payload) || isOfTheFuture(payload, now)) return null;
    const { exp = 0 } = payload;
    return personOf(payload, claims, plus(new Date(exp * SECOND), TOLERANCE * SECOND));
  }

  /** What needs no key to be refused is not worth asking the issuer for one. @throws JOSEError for what is no JWT */
  private mayBeGood(token: string, now: Date): boolean {
    const { iss, exp = 0 } = decodeJwt(token);
    return iss === this.rules.issuer && (exp + TOLERANCE) * SECOND > now.getTime();
  }
}

/** `iat` need not be there; it is no time that a token is valid from, but one from the future cannot be right. */
function isOfTheFuture({ iat }: JWTPayload, now: Date): boolean {
  return iat !== undefined && (iat - TOLERANCE) * SECOND > now.getTime();
}
