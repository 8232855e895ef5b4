import { type ManualClock, plus, SECOND } from '../../kernel/clocks';
import { Timers } from '../../kernel/timers';

const SHORT_MS = 10 * SECOND;

/** Timers under which time passes whenever somebody waits for a moment; what is to come later comes when time has come to it. */
export class PassingTimers extends Timers {
  private readonly later = new Set<{ readonly at: Date; readonly call: () => void }>();

  constructor(private readonly clock: ManualClock) {
    super();
  }

  after(ms: number, call: () => void): () => void {
    if (ms > SHORT_MS) {
      const timer = { at: plus(this.clock.now(), ms), call };
      this.later.add(timer);
      return () => this.later.delete(timer);
    }
    const moment = setImmediate(() => {
      this.pass(ms);
      call();
    });
    return () => clearImmediate(moment);
  }

  pass(ms: number): void {
    this.clock.advance(ms);
    for (const timer of [...this.later].filter(({ at }) => at <= this.clock.now())) {
      this.later.delete(timer);
      timer.call();
    }
  }
}
