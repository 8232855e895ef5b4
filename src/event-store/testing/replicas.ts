import { plus, SECOND, SystemClock } from '../../kernel/clocks';
import { type Turn } from '../leased-turn';
import { MemoryLeases } from '../memory/memory-leases';
import { ticksOf } from './leased-ticks';

/** Moves with jest's timers; it stands for the clock of the database. */
export const time = new SystemClock();

/** A machine whose clock is wrong. */
class WrongClock extends SystemClock {
  constructor(private readonly aheadMs: number) {
    super();
  }

  override now(): Date {
    return plus(super.now(), this.aheadMs);
  }
}

export function replicas(names: readonly string[], aheadMs: Readonly<Record<string, number>> = {}) {
  const leases = new MemoryLeases(time);
  const told: string[] = [];
  const made = names.map((owner, index) =>
    ticksOf(new WrongClock(aheadMs[owner] ?? 0), { leases, owner, told, random: seeded(index) }),
  );
  return { leases, told, made };
}

/** Numbers that look random and are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * SECOND);

/** Work that lasts until it is let go. */
export function longWork() {
  const turns: Turn[] = [];
  const letGo: (() => void)[] = [];
  const work = (turn: Turn) => {
    turns.push(turn);
    return new Promise<void>((done) => letGo.push(done));
  };
  return { turns, work, finish: () => letGo.shift()?.() };
}
