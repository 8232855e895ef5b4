import { type SeenTurn } from './store-watch';
import { type Struck, told } from './strikes';

export interface TakeOverVerdict {
  readonly faults: readonly string[];
  /** milliseconds from the end of a holder to the next turn, at most */
  readonly longestMs: number;
  /** turns that another process than the one before began */
  readonly changes: number;
}

/** The holder renewed its lease before it died, so that it runs out within this. */
const LEASE_MS = 10_000;
/** The others look once in each interval of the cron, and come a second later for what is another's. */
const CRON_MS = 2_000;
const STICKY_MS = 1_000;
/** They are processes among many on a busy machine, and one of them starts at the same time: that is slow, and not wrong. */
const SLOW_MS = 8_000;

/** Whether another process went on within a lease, each time that the one with the turn was killed or fell asleep. */
export function verifyTakeOvers(struck: readonly Struck[], turns: readonly SeenTurn[]): TakeOverVerdict {
  const faults: string[] = [];
  let longestMs = 0;
  for (const strike of struck) {
    const next = turns.find(({ begunAt }) => begunAt > strike.at);
    const took = next ? next.begunAt - strike.at : Infinity;
    longestMs = Math.max(longestMs, took);
    if (took <= LEASE_MS + CRON_MS + STICKY_MS + SLOW_MS) continue;
    faults.push(`${told(strike)}: the next turn began ${took} ms later`);
  }
  const changes = turns.filter(({ owner }, index) => index > 0 && owner !== turns[index - 1]?.owner).length;
  return { faults, longestMs, changes };
}
