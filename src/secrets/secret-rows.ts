import { type SealedSecret } from './secret-cipher';

/** A secret in its row. */
export interface SecretRow extends SealedSecret {
  /** when it was put (machine time); null: by an earlier version, which did not note it */
  readonly createdAt: Date | null;
}

export interface FoundRow extends SecretRow {
  readonly ref: string;
}

/** What a vault's encrypted secrets rest in. All methods throw StoreUnavailable. */
export abstract class SecretRows {
  /** The ref must be new. */
  abstract insert(ref: string, row: SecretRow): Promise<void>;
  abstract find(ref: string): Promise<SecretRow | null>;
  abstract remove(ref: string): Promise<void>;
  /**
   * Puts the same secret, encrypted anew, in the place of what was read: fingerprint and time stay. False when the row
   * holds something else by now, or is gone.
   */
  abstract replace(ref: string, read: Pick<SealedSecret, 'jwe'>, by: ReEncrypted): Promise<boolean>;
  /** Rows that are encrypted with other keys than this one, by ref, after a ref ('' for the beginning). */
  abstract notUnder(kid: string, after: string, limit: number): Promise<FoundRow[]>;
  /** How many rows each key has encrypted. */
  abstract countByKey(): Promise<ReadonlyMap<string, number>>;
  /** Refs of rows that were put before a time, by ref, after a ref; those of which nobody knows when are left out. */
  abstract putBefore(time: Date, after: string, limit: number): Promise<string[]>;
}

export type ReEncrypted = Pick<SealedSecret, 'jwe' | 'kid'>;
