import { createSecretKey, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { type IdSource } from '../../kernel/ids';

const ISSUER = 'com.cisco.virl';

/** The JSON web tokens of one CML server: HS256, `sub` is the user's id, `exp` in machine time. */
export class CmlTokens {
  private readonly key: KeyObject;
  private readonly sessions = new Map<string, string>();

  constructor(
    private readonly machine: MachineClock,
    private readonly ids: IdSource,
    private readonly lifeSeconds: number,
  ) {
    this.key = createSecretKey(Buffer.from(`${ids.next()}${ids.next()}`));
  }

  async issue(userId: string): Promise<string> {
    const now = this.machine.now();
    const id = this.ids.next();
    this.sessions.set(id, userId);
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setSubject(userId)
      .setJti(id)
      .setIssuedAt(now)
      .setExpirationTime(plus(now, this.lifeSeconds * SECOND))
      .sign(this.key);
  }

  /** Session and user of a token; null if it is forged, expired or logged out. */
  async verify(token: string): Promise<{ sessionId: string; userId: string } | null> {
    const sessionId = await this.sessionOf(token);
    const userId = sessionId === null ? undefined : this.sessions.get(sessionId);
    return sessionId === null || userId === undefined ? null : { sessionId, userId };
  }

  revoke(sessionId: string): void {
    this.sessions.delete(sessionId);
  }

  revokeAllOf(userId: string): void {
    for (const [sessionId, owner] of this.sessions) if (owner === userId) this.sessions.delete(sessionId);
  }

  /** Ends every session, as when the server loses its key. */
  revokeAll(): void {
    this.sessions.clear();
  }

  private async sessionOf(token: string): Promise<string | null> {
    try {
      const options = { issuer: ISSUER, currentDate: this.machine.now() };
      return (await jwtVerify(token, this.key, options)).payload.jti ?? null;
    } catch {
      return null;
    }
  }
}
