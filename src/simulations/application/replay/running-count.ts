import { type DueWorker } from './due-worker';

/** Which workers run at a time, in the order of time: those that really did, and do not stand still by a simulated stop. */
export class RunningCount {
  private readonly turns: readonly {
    readonly at: number;
    readonly worker: DueWorker;
    readonly runs: boolean;
  }[];
  private place = 0;
  private readonly really = new Map<string, DueWorker>();
  /** until when workers stand still by simulated stops */
  private readonly still = new Map<string, number>();

  constructor(workers: readonly DueWorker[]) {
    const turns = workers.flatMap((worker) =>
      worker.ran.flatMap(({ from, to }) => [
        { at: from.getTime(), worker, runs: true },
        { at: to.getTime(), worker, runs: false },
      ]),
    );
    this.turns = turns.sort((one, other) => one.at - other.at);
  }

  /** How it is at that time, which is never before that of an earlier call. */
  advance(now: Date): void {
    for (let turn = this.turns[this.place]; turn && turn.at <= now.getTime(); turn = this.turns[this.place]) {
      this.place += 1;
      if (turn.runs) this.really.set(turn.worker.id, turn.worker);
      else this.really.delete(turn.worker.id);
    }
    for (const [id, until] of this.still) if (until <= now.getTime()) this.still.delete(id);
  }

  /** Stands still from now on, until somebody uses it; null: nobody does any more. */
  stop({ id }: DueWorker, usedAgainAt: Date | null): void {
    this.still.set(id, usedAgainAt?.getTime() ?? Infinity);
  }

  standsStill(id: string): boolean {
    return this.still.has(id);
  }

  /** The running ones among those, and these that ran until a moment ago. */
  count(covers: (worker: DueWorker) => boolean, lately: readonly DueWorker[]): number {
    const ids = new Set(lately.filter(covers).map(({ id }) => id));
    for (const [id, worker] of this.really) if (!this.still.has(id) && covers(worker)) ids.add(id);
    return ids.size;
  }

  /** Milliseconds since 1970. */
  nextChange(now: Date): number {
    let next = this.turns[this.place]?.at ?? Infinity;
    for (const until of this.still.values()) if (until > now.getTime() && until < next) next = until;
    return next;
  }
}
