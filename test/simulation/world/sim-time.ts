import { type FleetClock, ManualClock } from '../../../src/kernel/clocks';
import { Agenda } from './agenda';

/**
 * The one time of a run: it jumps from one thing that happens to the next. Machine time differs from fleet time by a
 * fixed step, so that what is measured in the one and held against the other is found out.
 */
export class SimTime {
  readonly machine: ManualClock;
  readonly fleet: FleetClock;
  private readonly agenda = new Agenda();
  private current: number;

  /** @param apartMs how far fleet time is ahead of machine time */
  constructor(start: Date, apartMs: number) {
    this.current = start.getTime();
    this.machine = new ManualClock(new Date(this.current - apartMs));
    this.apart = apartMs;
    this.fleet = { now: () => new Date(this.current), toMachineMs: (ms) => ms };
  }

  private readonly apart: number;

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

  /** Time passes, and what falls into it happens. Calls that take time overlap: it never runs back. */
  async pass(ms: number): Promise<void> {
    await this.until(this.current + ms);
  }

  async until(time: number): Promise<void> {
    while (this.agenda.next <= time) {
      const entry = this.agenda.take();
      if (!entry) break;
      this.moveTo(entry.at);
      await entry.run();
    }
    this.moveTo(time);
  }

  private moveTo(time: number): void {
    if (time <= this.current) return;
    this.current = time;
    this.machine.set(new Date(time - this.apart));
  }
}
