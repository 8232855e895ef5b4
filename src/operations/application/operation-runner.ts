import { OneAtATime } from '../../event-store';
import { SECOND } from '../../kernel/clocks';
import { type AttemptServices, CLAIM_MS, OperationAttempt } from './operation-attempt';
import { type OperationHandlers } from './operation-handlers';

const AT_ONCE = 4;
/** Machine milliseconds that a stop waits for steps under way. */
const GRACE_MS = 10 * SECOND;

export interface RunnerServices extends AttemptServices {
  readonly handlers: OperationHandlers;
  /** this process among the replicas */
  readonly owner: string;
}

/** Carries out operations that wait, a few side by side. All processes do so: each operation is one's at a time. */
export class OperationRunner {
  private readonly passes = new OneAtATime(() => this.pass());
  private readonly underWay = new Map<OperationAttempt, Promise<void>>();
  private claims = 0;
  private state: 'idle' | 'started' | 'stopping' = 'idle';

  constructor(private readonly services: RunnerServices) {}

  /** From now on a nudge has an effect. */
  start(): void {
    this.state = 'started';
  }

  /** There may be something to carry out. */
  nudge(): void {
    if (this.state === 'started') void this.run();
  }

  /** Begins with what waits, as far as there is room. Never rejects. */
  run(): Promise<void> {
    return this.passes.run();
  }

  /** Resolves when nothing waits and nothing is under way any more: for tests. */
  async drain(): Promise<void> {
    for (;;) {
      await this.run();
      if (this.underWay.size === 0) return;
      await Promise.all(this.underWay.values());
    }
  }

  /** Begins nothing any more; what is under way is given to others at its next step. Bounded. */
  async stop(): Promise<void> {
    this.state = 'stopping';
    await this.passes.idle();
    for (const attempt of this.underWay.keys()) attempt.interrupt('stopping');
    let cancel = () => {};
    const graceOver = new Promise<void>((resolve) => {
      cancel = this.services.timers.after(GRACE_MS, resolve);
    });
    await Promise.race([Promise.all(this.underWay.values()), graceOver]);
    cancel();
  }

  private async pass(): Promise<void> {
    try {
      while (this.state !== 'stopping' && this.underWay.size < AT_ONCE) {
        if (!(await this.begin())) return;
      }
    } catch (error) {
      this.services.report(error, 'look for operations');
    }
  }

  /** False when nothing waits. */
  private async begin(): Promise<boolean> {
    const { store, handlers, clock } = this.services;
    const { kinds } = handlers;
    if (kinds.length === 0) return false;
    this.claims += 1;
    const owner = `${this.services.owner}#${this.claims}`;
    const claimed = await store.claimDue(kinds, owner, CLAIM_MS, clock.now());
    const handler = claimed && handlers.find(claimed.operation.kind);
    if (!claimed || !handler) return false;
    const attempt = new OperationAttempt(claimed, handler, this.services);
    const work = attempt.run().finally(() => {
      this.underWay.delete(attempt);
      // there is room again
      this.nudge();
    });
    this.underWay.set(attempt, work);
    return true;
  }
}
