import { KeyUsage } from '../domain/ports';

export class MemoryKeyUsage extends KeyUsage {
  private readonly uses = new Map<string, Date>();

  record(keyId: string, at: Date): Promise<void> {
    const present = this.uses.get(keyId);
    if (!present || present < at) this.uses.set(keyId, at);
    return Promise.resolve();
  }

  lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    return Promise.resolve(new Map([...this.uses].filter(([keyId]) => keyIds.includes(keyId))));
  }
}
