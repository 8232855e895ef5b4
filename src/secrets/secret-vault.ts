import { DomainError } from '../kernel/domain-error';
import { type Secret } from '../kernel/secret';

/** What others may keep of a secret: where it is, and by what people tell it from another. */
export interface KeptSecret {
  readonly ref: string;
  /**
   * 12 hex digits of a keyed hash, of no use to guess it. It stays as it was made: with another first key in the ring the
   * same secret gets another one, so that two are the same for sure only where `holds` says so.
   */
  readonly fingerprint: string;
}

/** Where secrets rest that must be known again as they are, encrypted. All methods throw StoreUnavailable. */
export abstract class SecretVault {
  /**
   * Keeps it under a new ref. Put it before what names the ref is stored: a secret that nobody names is removed after a
   * day, while one that is named and not there would be lost.
   */
  abstract put(value: Secret): Promise<KeptSecret>;
  /** Null when nothing is kept under the ref. @throws SecretUnreadable */
  abstract reveal(ref: string): Promise<Secret | null>;
  /** Whether this very value is kept under the ref, whatever keys it was encrypted with. @throws SecretUnreadable */
  abstract holds(ref: string, value: Secret): Promise<boolean>;
  /** No effect where nothing is kept under it. */
  abstract remove(ref: string): Promise<void>;
}

/** It is there, but cannot be decrypted: a person must look. */
export class SecretUnreadable extends DomainError {
  readonly code = 'secret-unreadable';
  readonly kind = 'unavailable';
}
