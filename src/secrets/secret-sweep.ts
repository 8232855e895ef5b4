import { HOUR, type MachineClock, plus } from '../kernel/clocks';
import { type SecretHolders } from './secret-holders';
import { type SecretRows } from './secret-rows';

/** Machine time. A command puts its secret seconds before it stores what names it, or never stores that. */
const UNUSED_FOR_MS = 24 * HOUR;
const BATCH = 500;
/** What there is beyond this comes with later turns, once these are looked at. */
const MOST = 20_000;

/**
 * Removes secrets that nobody refers to: a crash came between putting them and storing what names them, or they were
 * replaced. Only those that were put a day ago and more; those of earlier versions, of which nobody knows when, stay.
 */
export class SecretSweep {
  constructor(
    private readonly rows: SecretRows,
    private readonly holders: SecretHolders,
    private readonly clock: MachineClock,
  ) {}

  /** Answers how many it removed. @throws what holders throw, and then removes none; StoreUnavailable */
  async run(): Promise<number> {
    const refs = await this.old();
    if (refs.length === 0) return 0;
    const unheld = await this.holders.unheld(refs);
    for (const ref of unheld) await this.rows.remove(ref);
    return unheld.length;
  }

  private async old(): Promise<string[]> {
    const before = plus(this.clock.now(), -UNUSED_FOR_MS);
    const refs: string[] = [];
    while (refs.length < MOST) {
      const batch = await this.rows.putBefore(before, refs.at(-1) ?? '', BATCH);
      refs.push(...batch);
      if (batch.length < BATCH) break;
    }
    return refs;
  }
}
