import { type Source } from '../../../src/telemetry/domain/observation';

export type ReadSource = Exclude<Source, 'cloudwatch' | 'cml-license'>;

/**
 * Readings at equal times. Right after a change each is made at its time; once the answer stays the same they are made
 * up for in one go, when somebody looks. Milliseconds.
 */
export class Track {
  /** of the next reading; null: nobody reads */
  nextAt: number | null = null;
  /** until then each reading is made by itself */
  unsettledUntil = -Infinity;
  /** the next reading stands in the agenda */
  isEntered = false;

  constructor(
    readonly sources: readonly ReadSource[],
    readonly periodMs: number,
    private readonly phaseMs: number,
  ) {}

  /** The first time of its grid after that. */
  onGridAfter(time: number): number {
    return Math.floor((time - this.phaseMs) / this.periodMs + 1) * this.periodMs + this.phaseMs;
  }

  get isSettled(): boolean {
    return this.nextAt !== null && this.nextAt > this.unsettledUntil;
  }

  /** Readings that were due up to a time, those of a settled track only. */
  takeDue(until: number): { readonly count: number; readonly lastAt: number } | null {
    if (this.nextAt === null || this.isEntered || this.nextAt > until) return null;
    const count = Math.floor((until - this.nextAt) / this.periodMs) + 1;
    const lastAt = this.nextAt + (count - 1) * this.periodMs;
    this.nextAt = lastAt + this.periodMs;
    return { count, lastAt };
  }
}
