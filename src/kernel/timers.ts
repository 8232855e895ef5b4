/** What is done later, in machine time: streams and time-outs that a test must be able to let pass without waiting. */
export abstract class Timers {
  /** Calls once after so many milliseconds; answers the function that calls it off. */
  abstract after(ms: number, call: () => void): () => void;

  /** Calls each time so many milliseconds have passed, until it is called off. */
  every(ms: number, call: () => void): () => void {
    let cancel = () => {};
    const next = () => {
      cancel = this.after(ms, () => {
        next();
        call();
      });
    };
    next();
    return () => cancel();
  }
}

/** Timers that keep no process alive. */
export class SystemTimers extends Timers {
  after(ms: number, call: () => void): () => void {
    const timer = setTimeout(call, ms).unref();
    return () => clearTimeout(timer);
  }
}

/** Timers whose time passes only when it is told to. */
export class ManualTimers extends Timers {
  private now = 0;
  private waiting: { readonly at: number; readonly call: () => void }[] = [];

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.now + ms, call };
    this.waiting.push(timer);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== timer);
    };
  }

  /** Calls what is due by then, in the order of time. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const [due] = this.waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!due) break;
      this.waiting = this.waiting.filter((other) => other !== due);
      this.now = due.at;
      due.call();
    }
    this.now = until;
  }

  /** How many calls are to come. */
  get pending(): number {
    return this.waiting.length;
  }
}
