import { type SealedSecret } from './secret-cipher';
import { type FoundRow, type ReEncrypted, type SecretRow, SecretRows } from './secret-rows';

export class MemorySecretRows extends SecretRows {
  private readonly rows = new Map<string, SecretRow>();

  insert(ref: string, row: SecretRow): Promise<void> {
    this.rows.set(ref, row);
    return Promise.resolve();
  }

  find(ref: string): Promise<SecretRow | null> {
    return Promise.resolve(this.rows.get(ref) ?? null);
  }

  remove(ref: string): Promise<void> {
    this.rows.delete(ref);
    return Promise.resolve();
  }

  replace(ref: string, read: Pick<SealedSecret, 'jwe'>, { jwe, kid }: ReEncrypted): Promise<boolean> {
    const row = this.rows.get(ref);
    if (row?.jwe !== read.jwe) return Promise.resolve(false);
    this.rows.set(ref, { ...row, jwe, kid });
    return Promise.resolve(true);
  }

  notUnder(kid: string, after: string, limit: number): Promise<FoundRow[]> {
    return Promise.resolve(
      this.after(after)
        .filter((row) => row.kid !== kid)
        .slice(0, limit),
    );
  }

  countByKey(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { kid } of this.rows.values()) counts.set(kid, (counts.get(kid) ?? 0) + 1);
    return Promise.resolve(counts);
  }

  putBefore(time: Date, after: string, limit: number): Promise<string[]> {
    const old = this.after(after).filter(({ createdAt }) => createdAt !== null && createdAt < time);
    return Promise.resolve(old.slice(0, limit).map(({ ref }) => ref));
  }

  private after(ref: string): FoundRow[] {
    return [...this.rows]
      .map(([key, row]) => ({ ref: key, ...row }))
      .filter((row) => row.ref > ref)
      .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  }
}
