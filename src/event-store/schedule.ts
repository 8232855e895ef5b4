import { plus } from '../kernel/clocks';

/** When the turns of a leased tick are due. Times are by the clock of the database. */
export interface Schedule {
  /** the very first turn */
  readonly first: (now: Date) => Date;
  /** the turn after one that was begun at this time */
  readonly after: (begun: Date) => Date;
  /** the turns stay with the replica that had the latest, for as long as it comes for them */
  readonly sticky?: boolean;
}

/** At once, and so long (machine milliseconds) after each turn's beginning, but never before its end. */
export function each(intervalMs: number): Schedule {
  return { first: () => new Date(0), after: (begun) => plus(begun, intervalMs) };
}
