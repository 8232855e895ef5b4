import { type DueWorker } from './due-worker';
import { type DueTime } from './worker-replay';

/** A due stop that a budget holds off. */
export interface WaitingStop {
  readonly worker: DueWorker;
  readonly due: DueTime;
  readonly since: Date;
  /** the first budget that held it off */
  readonly scope: string;
}

interface Placed extends WaitingStop {
  readonly place: number;
  readonly group: string;
}

/** Stops that wait for room, in order. Those with the same budgets wait in one group: all of them have room, or none. */
export class WaitingStops {
  private readonly groups = new Map<string, Set<Placed>>();
  private readonly byDue = new Map<DueTime, Placed>();
  private places = 0;
  /** all due times that end, by their end */
  private readonly ends: readonly (DueTime & { readonly until: Date })[];
  private ended = 0;

  constructor(dues: readonly DueTime[]) {
    this.ends = dues.filter(hasEnd).sort((one, other) => one.until.getTime() - other.until.getTime());
  }

  /** Of those that wait, one of each group: the first. */
  get heads(): readonly Placed[] {
    return [...this.groups.values()].flatMap(([first]) => first ?? []);
  }

  add(stop: WaitingStop, group: string): void {
    const placed = { ...stop, place: (this.places += 1), group };
    const others = this.groups.get(group) ?? new Set();
    this.groups.set(group, others.add(placed));
    this.byDue.set(stop.due, placed);
  }

  /** The next one of its group, in the place of one that waits no more. */
  remove({ due }: WaitingStop): Placed | null {
    const placed = this.byDue.get(due);
    const group = placed && this.groups.get(placed.group);
    if (!placed || !group) return null;
    this.byDue.delete(due);
    group.delete(placed);
    const [next] = group;
    if (!next) this.groups.delete(placed.group);
    return next ?? null;
  }

  /** Takes out those that are not due any more by then, which is never before the time of an earlier call. */
  lapsedBy(now: Date): WaitingStop[] {
    const lapsed: WaitingStop[] = [];
    for (let due = this.ends[this.ended]; due && due.until <= now; due = this.ends[this.ended]) {
      this.ended += 1;
      const waiting = this.byDue.get(due);
      if (!waiting) continue;
      this.remove(waiting);
      lapsed.push(waiting);
    }
    return lapsed;
  }

  /** When the first of them may not be due any more, milliseconds since 1970; `now` as in `lapsedBy`. */
  nextEnd(now: Date): number {
    let due = this.ends[this.ended];
    while (due && due.from <= now && !this.byDue.has(due)) due = this.ends[++this.ended];
    return due?.until.getTime() ?? Infinity;
  }

  get all(): WaitingStop[] {
    return [...this.byDue.values()];
  }
}

function hasEnd(due: DueTime): due is DueTime & { readonly until: Date } {
  return due.until !== null;
}
