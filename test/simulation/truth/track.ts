import { type Source } from '../../../src/telemetry/domain/observation';

export type ReadSource = Exclude<Source, 'cloudwatch' | 'cml-license'>;

interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Readings at equal times. In the spans in which an answer may be another than the one before each is made at its time; the
 * others, which say the same once more, are made up for in one go when somebody looks. Milliseconds.
 */
export class Track {
  /** of the next reading; null: nobody reads */
  nextAt: number | null = null;
  /** a reading by itself stands in the agenda; null: none does */
  enteredAt: number | null = null;
  private spans: Span[] = [];

  constructor(
    readonly sources: readonly ReadSource[],
    readonly periodMs: number,
    private readonly phaseMs: number,
  ) {}

  /** The first time of its grid after that. */
  onGridAfter(time: number): number {
    return Math.floor((time - this.phaseMs) / this.periodMs + 1) * this.periodMs + this.phaseMs;
  }

  /** From then on two readings are looked at by themselves: the first one that is otherwise, and the one that confirms it. */
  unsettle(from: number): void {
    this.spans = this.spans.filter(({ until }) => until >= (this.nextAt ?? from));
    this.spans.push({ from, until: from + 2 * this.periodMs });
  }

  /** The next reading that is to be made by itself; null: all that come say the same. */
  nextByItself(eager: boolean): number | null {
    const { nextAt, periodMs } = this;
    if (nextAt === null || eager) return nextAt;
    let first = Infinity;
    for (const { from, until } of this.spans) {
      const at = nextAt >= from ? nextAt : nextAt + Math.ceil((from - nextAt) / periodMs) * periodMs;
      if (at <= until && at < first) first = at;
    }
    return first === Infinity ? null : first;
  }

  /** Readings that were due up to a time, but for the one that is made by itself. */
  takeDue(until: number): { readonly count: number; readonly lastAt: number } | null {
    const end = Math.min(until, (this.enteredAt ?? Infinity) - 1);
    if (this.nextAt === null || this.nextAt > end) return null;
    const count = Math.floor((end - this.nextAt) / this.periodMs) + 1;
    const lastAt = this.nextAt + (count - 1) * this.periodMs;
    this.nextAt = lastAt + this.periodMs;
    return { count, lastAt };
  }
}
