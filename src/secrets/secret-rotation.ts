import { type SecretCipher } from './secret-cipher';
import { type FoundRow, type SecretRows } from './secret-rows';
import { SecretUnreadable } from './secret-vault';

const BATCH = 100;

export interface RotationParts {
  readonly rows: SecretRows;
  /** whose first key everything is to be encrypted with */
  readonly cipher: SecretCipher;
  /** only counts */
  readonly dryRun: boolean;
  /** told of each secret that cannot be read, with a sentence that names the remedy */
  readonly onUnreadable: (ref: string, what: string) => void;
  readonly progress: (what: string, done: number, of: number) => void;
}

export interface RotationResult {
  /** rows that are encrypted with the first key now; in a dry run: would be */
  readonly rotated: number;
  /** rows that were changed or removed while they were encrypted anew, and were left as they are then */
  readonly overtaken: number;
  readonly unreadable: number;
  /** how many rows each key has encrypted, after it */
  readonly byKey: ReadonlyMap<string, number>;
}

/**
 * Encrypts every secret anew that is not under the first key of the ring. Each row is replaced by itself, and only as it
 * was read: so it may end anywhere and begin again, run beside the application and beside itself, and what somebody
 * writes or removes meanwhile stays so. Fingerprints are kept: events hold them.
 * All methods throw StoreUnavailable.
 */
export class SecretRotation {
  constructor(private readonly parts: RotationParts) {}

  async run(): Promise<RotationResult> {
    const { rows, cipher, progress } = this.parts;
    const counts = { rotated: 0, overtaken: 0, unreadable: 0 };
    const all = [...(await rows.countByKey())].filter(([kid]) => kid !== cipher.firstKey);
    const total = all.reduce((sum, [, count]) => sum + count, 0);
    for (let after = ''; ;) {
      const batch = await rows.notUnder(cipher.firstKey, after, BATCH);
      for (const row of batch) {
        counts[await this.rotate(row)] += 1;
        progress('secrets', counts.rotated + counts.overtaken + counts.unreadable, total);
      }
      const last = batch.at(-1);
      if (!last || batch.length < BATCH) return { ...counts, byKey: await rows.countByKey() };
      after = last.ref;
    }
  }

  private async rotate(row: FoundRow): Promise<'rotated' | 'overtaken' | 'unreadable'> {
    const { rows, cipher, dryRun, onUnreadable } = this.parts;
    try {
      const secret = await cipher.open(row.ref, row);
      if (dryRun) return 'rotated';
      const sealed = await cipher.seal(row.ref, secret);
      return (await rows.replace(row.ref, row, sealed)) ? 'rotated' : 'overtaken';
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      onUnreadable(row.ref, error.message);
      return 'unreadable';
    }
  }
}
