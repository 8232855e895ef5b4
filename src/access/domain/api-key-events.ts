import { eventOf } from '../../kernel/domain-event';
import { type Role } from '../../kernel/principal';
import { type Scope } from '../../kernel/reach';

/** Everything that can happen to an API key. The key itself is in none of it, only its hash. */

export class ApiKeyCreated extends eventOf('api-key.created', 2, { hidden: ['hash'] })<{
  name: string;
  role: Role;
  /** where the key has its role; null: in the whole fleet, a `user` where something is assigned to the key only */
  scope: Scope | null;
  /** SHA-256 of the key's text, base64url */
  hash: string;
  /** the first characters of the key, by which people recognise it */
  prefix: string;
  /** machine time; null: never */
  expiresAt: Date | null;
  createdAt: Date;
  createdBy: string;
}> {}

/** The key has another text from now on. */
export class ApiKeyRotated extends eventOf('api-key.rotated', 1, { hidden: ['hash'] })<{
  hash: string;
  prefix: string;
  /** machine time until which the text before opens as well; null: it opens nothing any more */
  overlapUntil: Date | null;
  rotatedAt: Date;
  rotatedBy: string;
}> {}

export class ApiKeyRevoked extends eventOf('api-key.revoked')<{ revokedAt: Date; revokedBy: string }> {}

export type ApiKeyEvent = ApiKeyCreated | ApiKeyRotated | ApiKeyRevoked;

export const API_KEY_EVENTS = [ApiKeyCreated, ApiKeyRotated, ApiKeyRevoked] as const;
