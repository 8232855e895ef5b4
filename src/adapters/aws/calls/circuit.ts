import { type MachineClock, MINUTE, plus, SECOND } from '../../../kernel/clocks';
import { ComputeError } from '../../../workers';

export type CircuitState = 'closed' | 'open' | 'half-open';
export type Service = 'ec2' | 'cloudwatch' | 'sts';

/** So many calls in a row without a usable answer open the circuit. */
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 30 * SECOND;
const LONGEST_OPEN_MS = 5 * MINUTE;

/** How a call ended, that the circuit let through: exactly one of the three is called, once. */
export interface Passage {
  /** whatever AWS said, it said something */
  answered(): void;
  unanswered(): void;
  /** it was never sent */
  abandoned(): void;
}

/**
 * Keeps calls from a service that does not answer, so that nobody waits for time-outs there. It opens for 30 s; then one
 * call tries, and if that fails, too, it opens for twice as long, up to five minutes. In machine time.
 */
export class Circuit {
  private failures = 0;
  /** how often it opened since the last usable answer */
  private opened = 0;
  private since: Date;
  private openUntil: Date | null = null;
  private trial = false;

  constructor(
    private readonly region: string,
    readonly service: Service,
    private readonly machine: MachineClock,
  ) {
    this.since = machine.now();
  }

  /** @throws ComputeError `RegionUnreachable` while open, and while another call tries */
  check(): void {
    if (this.state === 'closed' || (this.state === 'half-open' && !this.trial)) return;
    throw this.unreachable();
  }

  /** Lets a call through. @throws as `check` */
  enter(): Passage {
    this.check();
    const trying = this.openUntil !== null;
    this.trial = trying;
    return {
      answered: () => this.close(),
      unanswered: () => this.fail(trying),
      abandoned: () => {
        if (trying) this.trial = false;
      },
    };
  }

  use() {
    const { service, state, since, openUntil } = this;
    return { service, state, since, openUntil };
  }

  private get state(): CircuitState {
    if (this.openUntil === null) return 'closed';
    return this.machine.now() < this.openUntil ? 'open' : 'half-open';
  }

  private close(): void {
    this.failures = 0;
    this.opened = 0;
    this.trial = false;
    if (this.openUntil !== null) this.since = this.machine.now();
    this.openUntil = null;
  }

  private fail(trying: boolean): void {
    const closed = this.openUntil === null;
    // calls that were under way when it opened say nothing new
    if (!closed && !trying) return;
    if (trying) this.trial = false;
    this.failures += 1;
    if (closed && this.failures < FAILURES_TO_OPEN) return;
    const now = this.machine.now();
    if (closed) this.since = now;
    this.openUntil = plus(now, Math.min(OPEN_MS * 2 ** this.opened, LONGEST_OPEN_MS));
    this.opened += 1;
  }

  private unreachable(): ComputeError {
    const { region, service, since, openUntil, failures } = this;
    const again = this.trial
      ? 'One call is trying it now'
      : `It is tried again at ${openUntil?.toISOString()}`;
    const message =
      `${service} in ${region} left ${failures} calls in a row without a usable answer, ` +
      `so nothing is sent there since ${since.toISOString()}. ${again}.`;
    return new ComputeError('unreachable', 'RegionUnreachable', message, { retryAt: openUntil });
  }
}
