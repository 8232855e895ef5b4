import { type FleetClock, ManualClock } from '../../../src/kernel/clocks';
import { Agenda } from './agenda';

/** All promises that can go on without time have gone on: Node turns to this queue when theirs is empty. */
const atRest = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/**
 * The one time of a run: it jumps from one thing that happens to the next, and stands still while that is done. Machine
 * time differs from fleet time by a fixed step, so that what is measured in the one and held against the other is found
 * out.
 */
export class SimTime {
  readonly machine: ManualClock;
  readonly fleet: FleetClock;
  private readonly agenda = new Agenda();
  private current: number;
  /** something waits for microtasks, not for time */
  private stirred = false;

  /** @param apartMs how far fleet time is ahead of machine time */
  constructor(
    start: Date,
    private readonly apartMs: number,
    private readonly report: (error: unknown) => void,
  ) {
    this.current = start.getTime();
    this.machine = new ManualClock(new Date(this.current - apartMs));
    this.fleet = { now: () => new Date(this.current), toMachineMs: (ms) => ms };
  }

  /** Fleet time, milliseconds. */
  get now(): number {
    return this.current;
  }

  at(at: number, run: () => void | Promise<void>): void {
    this.agenda.at(Math.max(at, this.current), run);
  }

  after(ms: number, run: () => void | Promise<void>): void {
    this.at(this.current + ms, run);
  }

  /** Resolves when so much time has passed: whoever calls waits, and others go on. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, () => {
        this.stirred = true;
        resolve();
      });
    });
  }

  /** Lets everything happen up to a time. For the run itself: what happens in it waits by `pass`. */
  async until(time: number): Promise<void> {
    while (this.agenda.next <= time) {
      const entry = this.agenda.take();
      if (!entry) break;
      this.moveTo(entry.at);
      const under = entry.run();
      if (under) {
        this.stirred = true;
        under.catch(this.report);
      }
      if (!this.stirred) continue;
      this.stirred = false;
      // whatever can go on without time goes on first
      await atRest();
    }
    this.moveTo(time);
  }

  private moveTo(time: number): void {
    if (time <= this.current) return;
    this.current = time;
    this.machine.set(new Date(time - this.apartMs));
  }
}
