import { type SealedSecret } from './secret-cipher';

/** What a vault's encrypted secrets rest in. All methods throw StoreUnavailable. */
export abstract class SecretRows {
  /** The ref must be new. */
  abstract insert(ref: string, sealed: SealedSecret): Promise<void>;
  abstract find(ref: string): Promise<SealedSecret | null>;
  abstract remove(ref: string): Promise<void>;
}
