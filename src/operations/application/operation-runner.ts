import { SideBySide } from '../../event-store';
import { SECOND } from '../../kernel/clocks';
import { type AttemptServices, CLAIM_MS, OperationAttempt } from './operation-attempt';
import { type OperationHandlers } from './operation-handlers';

/** Machine milliseconds that a stop waits for steps under way. */
const GRACE_MS = 10 * SECOND;

export interface RunnerServices extends AttemptServices {
  readonly handlers: OperationHandlers;
  /** this process among the replicas */
  readonly owner: string;
}

/**
 * Carries out operations that wait, of each kind as many side by side as its handler says: one kind that hangs never
 * keeps another from beginning. All processes do so: each operation is one's at a time.
 */
export class OperationRunner extends SideBySide<OperationAttempt> {
  private claims = 0;

  constructor(private readonly services: RunnerServices) {
    super(Infinity);
  }

  /** Begins nothing any more; what is under way is given to others at its next step. Bounded. */
  async stop(): Promise<void> {
    await this.halt();
    for (const attempt of this.underWay) attempt.interrupt('stopping');
    let cancel = () => {};
    const graceOver = new Promise<void>((resolve) => {
      cancel = this.services.timers.after(GRACE_MS, resolve);
    });
    await Promise.race([this.settled(), graceOver]);
    cancel();
  }

  /** Operations that this process carries out at this moment. */
  get running(): number {
    return this.underWay.length;
  }

  protected async claim(): Promise<OperationAttempt | null> {
    const { store, handlers, clock } = this.services;
    const kinds = handlers.kindsWithRoom(this.underWay.map(({ operation }) => operation));
    if (kinds.length === 0) return null;
    this.claims += 1;
    const owner = `${this.services.owner}#${this.claims}`;
    const claimed = await store.claimDue(kinds, owner, CLAIM_MS, clock.now());
    const handler = claimed && handlers.find(claimed.operation.kind);
    return claimed && handler ? new OperationAttempt(claimed, handler, this.services) : null;
  }

  protected carryOut(attempt: OperationAttempt): Promise<void> {
    return attempt.run();
  }

  protected reportClaim(error: unknown): void {
    this.services.report(error, 'look for operations');
  }
}
