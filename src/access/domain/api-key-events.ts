import { eventOf } from '../../kernel/domain-event';
import { type Role } from '../../kernel/principal';

/** Everything that can happen to an API key. The key itself is in none of it, only its hash. */

export class ApiKeyCreated extends eventOf('api-key.created', 1, { hidden: ['hash'] })<{
  name: string;
  role: Role;
  /** SHA-256 of the key's text, base64url */
  hash: string;
  /** the first characters of the key, by which people recognise it */
  prefix: string;
  /** machine time; null: never */
  expiresAt: Date | null;
  createdAt: Date;
  createdBy: string;
}> {}

export class ApiKeyRevoked extends eventOf('api-key.revoked')<{ revokedAt: Date; revokedBy: string }> {}

export type ApiKeyEvent = ApiKeyCreated | ApiKeyRevoked;

export const API_KEY_EVENTS = [ApiKeyCreated, ApiKeyRevoked] as const;
