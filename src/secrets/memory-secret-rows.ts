import { type SealedSecret } from './secret-cipher';
import { SecretRows } from './secret-rows';

export class MemorySecretRows extends SecretRows {
  private readonly rows = new Map<string, SealedSecret>();

  insert(ref: string, sealed: SealedSecret): Promise<void> {
    this.rows.set(ref, sealed);
    return Promise.resolve();
  }

  find(ref: string): Promise<SealedSecret | null> {
    return Promise.resolve(this.rows.get(ref) ?? null);
  }

  remove(ref: string): Promise<void> {
    this.rows.delete(ref);
    return Promise.resolve();
  }
}
