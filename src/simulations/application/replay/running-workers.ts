import { type DueWorker } from './due-worker';

interface Turn {
  readonly at: number;
  readonly workerId: string;
  readonly runs: boolean;
}

/** Which workers run, in the order of time: those that really did, and do not stand still by a simulated stop. */
export class RunningWorkers {
  private readonly turns: readonly Turn[];
  private place = 0;
  private readonly really = new Set<string>();
  /** until when workers stand still by simulated stops, in milliseconds since 1970 */
  private readonly still = new Map<string, number>();
  /** when the first of them goes on; not later */
  private nextGoing = Infinity;

  /** `turned` is told of each worker that begins to run, or ends to. */
  constructor(
    workers: readonly DueWorker[],
    private readonly turned: (workerId: string, runs: boolean) => void,
  ) {
    const turns = workers.flatMap(({ id: workerId, ran }) =>
      ran.flatMap(({ from, to }) => [
        { at: from.getTime(), workerId, runs: true },
        { at: to.getTime(), workerId, runs: false },
      ]),
    );
    this.turns = turns.sort((one, other) => one.at - other.at);
  }

  runs(workerId: string): boolean {
    return this.really.has(workerId) && !this.still.has(workerId);
  }

  standsStill(workerId: string): boolean {
    return this.still.has(workerId);
  }

  /** How it is at that time, which is never before that of an earlier call. */
  advance(now: number): void {
    for (let turn = this.turns[this.place]; turn && turn.at <= now; turn = this.turns[this.place]) {
      this.place += 1;
      const { workerId, runs } = turn;
      if (runs) this.really.add(workerId);
      else this.really.delete(workerId);
      if (!this.still.has(workerId)) this.turned(workerId, runs);
    }
    if (this.nextGoing > now) return;
    this.nextGoing = Infinity;
    for (const [workerId, until] of this.still) {
      if (until <= now) this.goesOn(workerId);
      else if (until < this.nextGoing) this.nextGoing = until;
    }
  }

  /** It stands still from now on, until it goes on; null: it does not any more. */
  stop(workerId: string, goesOnAt: Date | null): void {
    const until = goesOnAt?.getTime() ?? Infinity;
    const ran = this.runs(workerId);
    this.still.set(workerId, until);
    this.nextGoing = Math.min(this.nextGoing, until);
    if (ran) this.turned(workerId, false);
  }

  /** Milliseconds since 1970. */
  get nextChange(): number {
    return Math.min(this.turns[this.place]?.at ?? Infinity, this.nextGoing);
  }

  private goesOn(workerId: string): void {
    this.still.delete(workerId);
    if (this.really.has(workerId)) this.turned(workerId, true);
  }
}
