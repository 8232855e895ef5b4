import { type MachineClock, MINUTE, plus } from '../kernel/clocks';
import { type LeasedTick } from './leased-tick';
import { type LeasedTicks } from './leased-ticks';

/** A command has long stored what it took a name for, or never will, when its reservation is this old (machine time). */
const UNUSED_MS = 10 * MINUTE;

/** Aggregates with unique names. */
interface NamedRepository {
  /** Frees names that were taken before that time, and that nothing stored has. */
  sweepNames(takenBefore: Date): Promise<number>;
  /** Takes the names of these again where a restore lost them; answers those that another one has. */
  keepNames(ids: readonly string[]): Promise<string[]>;
}

export interface NameSweepParts {
  /** its name as a lease */
  readonly tick: string;
  readonly ticks: LeasedTicks;
  readonly clock: MachineClock;
  readonly repository: NamedRepository;
  /** those that are not deleted */
  readonly livingIds: () => readonly string[];
  readonly warn: (contested: string) => void;
}

/** The tick of a module whose aggregates have unique names: for what crashes and restores left behind. */
export class NameSweep {
  readonly sweepNames: LeasedTick;

  constructor(private readonly parts: NameSweepParts) {
    this.sweepNames = parts.ticks.tick(parts.tick, () => this.sweep());
  }

  get ticks(): readonly LeasedTick[] {
    return [this.sweepNames];
  }

  start(): void {
    this.sweepNames.every(UNUSED_MS);
  }

  async stop(): Promise<void> {
    await this.sweepNames.stop();
  }

  private async sweep(): Promise<void> {
    const { repository, clock, livingIds, warn } = this.parts;
    await repository.sweepNames(plus(clock.now(), -UNUSED_MS));
    for (const name of await repository.keepNames(livingIds())) warn(name);
  }
}
