import { plus, SECOND } from '../../kernel/clocks';

/** A machine that runs errands while it is up. */
export interface Errander {
  /** The first time from `from` to `until` at which it is up; null: it is off all the while; never: and for good. */
  upFrom(from: Date, until: Date): Date | null | 'never';
}

/** Something that a machine does at a time; where it is off then, soon after it is up again. */
export interface Errand {
  readonly at: Date;
  readonly by: Errander;
  readonly run: (at: Date) => void;
}

const AFTER_BOOT = 10 * SECOND;

/**
 * What machines are going to do, in the order of time over all of them: of two that want the last seat the earlier
 * one gets it, however late somebody looks. Nothing runs by timers; `settle` does what was due.
 */
export class Agenda {
  private errands: Errand[] = [];
  private asleep: Errand[] = [];

  plan(errand: Errand): void {
    const index = this.errands.findIndex(({ at }) => at > errand.at);
    this.errands.splice(index < 0 ? this.errands.length : index, 0, errand);
  }

  /** Drops all that a machine was going to do. */
  cancel(by: Errander): void {
    this.errands = this.errands.filter((errand) => errand.by !== by);
    this.asleep = this.asleep.filter((errand) => errand.by !== by);
  }

  settle(now: Date): void {
    const waking = this.asleep;
    this.asleep = [];
    for (const errand of waking) this.planWhenUp(errand, now);
    for (let next = this.errands[0]; next && next.at <= now; next = this.errands[0]) {
      this.errands.shift();
      if (next.by.upFrom(next.at, next.at) instanceof Date) next.run(next.at);
      else this.planWhenUp(next, now);
    }
  }

  private planWhenUp(errand: Errand, now: Date): void {
    const up = errand.by.upFrom(errand.at, now);
    if (up instanceof Date) this.plan({ ...errand, at: plus(up, AFTER_BOOT) });
    else if (up === null) this.asleep.push(errand);
  }
}
