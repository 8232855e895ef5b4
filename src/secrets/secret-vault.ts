import { DomainError } from '../kernel/domain-error';
import { type Secret } from '../kernel/secret';

/** What others may keep of a secret: where it is, and by what people tell it from another. */
export interface KeptSecret {
  readonly ref: string;
  /** 12 hex digits of a keyed hash: the same for the same secret and key, and of no use to guess it */
  readonly fingerprint: string;
}

/** Where secrets rest that must be known again as they are, encrypted. All methods throw StoreUnavailable. */
export abstract class SecretVault {
  /** Keeps it under a new ref. */
  abstract put(value: Secret): Promise<KeptSecret>;
  /** Null when nothing is kept under the ref. @throws SecretUnreadable */
  abstract reveal(ref: string): Promise<Secret | null>;
  /** No effect where nothing is kept under it. */
  abstract remove(ref: string): Promise<void>;
}

/** It is there, but cannot be decrypted: a person must look. */
export class SecretUnreadable extends DomainError {
  readonly code = 'secret-unreadable';
  readonly kind = 'unavailable';
}
