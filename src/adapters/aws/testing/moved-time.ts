import { ManualClock } from '../../../kernel/clocks';
import { ManualTimers } from '../../../kernel/timers';

const STEP_MS = 10;

/** Machine time that passes only when it is told to, for clock and timers alike. */
export class MovedTime {
  readonly machine = new ManualClock(new Date('2026-11-23T08:00:00.000Z'));
  readonly timers = new ManualTimers();

  /** In small steps, so that what is due in between finds its time on the clock. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= STEP_MS) {
      const step = Math.min(STEP_MS, left);
      this.machine.advance(step);
      this.timers.advance(step);
    }
  }
}
