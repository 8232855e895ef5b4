import { type SimTime } from '../world/sim-time';

interface Watched {
  readonly boundMs: () => number;
  readonly mustBeStopped: () => boolean;
  /** until when something rightly held the stop off: a budget, say, or what AWS said to it */
  readonly heldUntil: () => number;
  /** by when a stop that was rightly put off must have been tried again; null: none was */
  readonly triedAgainBy: () => number | null;
  readonly late: (since: number) => void;
  calmSince: number;
  /** what may keep it from being stopped at this moment */
  readonly holds: Set<string>;
  entered: boolean;
}

/** Watches that a worker is stopped in time once nothing speaks against it any more. */
export class Liveness {
  private readonly workers = new Map<string, Watched>();

  constructor(private readonly time: SimTime) {}

  watch(id: string, given: Omit<Watched, 'calmSince' | 'holds' | 'entered'>): void {
    this.workers.set(id, { ...given, calmSince: this.time.now, holds: new Set(), entered: false });
    this.disturb(id);
  }

  /** Something speaks against a stop now: the time counts anew. */
  disturb(id: string): void {
    const watched = this.workers.get(id);
    if (!watched) return;
    watched.calmSince = this.time.now;
    this.enter(watched, watched.calmSince + watched.boundMs());
  }

  disturbAll(): void {
    for (const id of this.workers.keys()) this.disturb(id);
  }

  /** … until it is released. */
  hold(id: string, why: string): void {
    this.workers.get(id)?.holds.add(why);
  }

  release(id: string, why: string): void {
    if (this.workers.get(id)?.holds.delete(why)) this.disturb(id);
  }

  holdAll(why: string): void {
    for (const id of this.workers.keys()) this.hold(id, why);
  }

  releaseAll(why: string): void {
    for (const id of this.workers.keys()) this.release(id, why);
  }

  private enter(watched: Watched, at: number): void {
    if (watched.entered || watched.holds.size > 0) return;
    watched.entered = true;
    this.time.at(at, () => {
      watched.entered = false;
      if (watched.holds.size > 0 || !watched.mustBeStopped()) return;
      watched.calmSince = Math.max(watched.calmSince, watched.heldUntil());
      const until = Math.max(watched.calmSince + watched.boundMs(), watched.triedAgainBy() ?? -Infinity);
      if (this.time.now < until) this.enter(watched, until);
      else watched.late(watched.calmSince);
    });
  }
}
