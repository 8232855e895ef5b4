import { type ReportError } from '../../event-store';
import { type FleetClock, SECOND } from '../../kernel/clocks';
import { DomainError, StoreUnavailable } from '../../kernel/domain-error';
import { type Timers } from '../../kernel/timers';
import { type OperationFailure } from '../domain/operation';
import { OperationInterrupted, OperationPostponed } from '../domain/operation-errors';
import {
  type ClaimedOperation,
  type ClaimState,
  type OperationEnd,
  type OperationProgress,
  type OperationStore,
} from '../domain/ports';
import { type OperationHandler, type OperationRun } from './operation-handlers';

/** Machine milliseconds: how long the others wait for a runner that died, and how often a live one says so. */
export const CLAIM_MS = 30 * SECOND;
export const RENEW_MS = 10 * SECOND;
/** Machine milliseconds until it is begun again when the database was away. */
const PAUSE_MS = 5 * SECOND;
/** One that was begun so often without an end takes its process down with it, or never gets through. */
const MOST_CLAIMS = 20;

export interface AttemptServices {
  readonly store: OperationStore;
  readonly clock: FleetClock;
  readonly timers: Timers;
  readonly report: ReportError;
}

/** One process' try to carry out an operation: keeps the claim, and ends the operation or gives it up. */
export class OperationAttempt implements OperationRun {
  private readonly abortion = new AbortController();
  private interruption: OperationInterrupted | null = null;

  constructor(
    private readonly claimed: ClaimedOperation,
    private readonly handler: OperationHandler,
    private readonly services: AttemptServices,
  ) {}

  get operation() {
    return this.claimed.operation;
  }

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { timers, report } = this.services;
    const stopRenewing = timers.every(RENEW_MS, () => void this.renew());
    try {
      await this.carryOut();
    } catch (error) {
      report(error, `carry out the operation ${this.operation.id}; another try follows`);
    } finally {
      stopRenewing();
    }
  }

  async report(progress: OperationProgress): Promise<void> {
    this.mustGoOn();
    this.heed(await this.services.store.note(this.claimed.claim, progress));
    this.mustGoOn();
  }

  /** It is given up at its next step. */
  interrupt(because: OperationInterrupted['because']): void {
    this.interruption ??= new OperationInterrupted(because);
    this.abortion.abort(this.interruption);
  }

  private async carryOut(): Promise<void> {
    try {
      if (this.operation.cancelledBy !== null) this.interrupt('cancelled');
      this.mustGoOn();
      if (this.claimed.claim.fence > MOST_CLAIMS)
        return await this.breakOff({ state: 'failed', message: null, error: GAVE_UP });
      const { message, result } = await this.handler.run(this);
      await this.end({ state: 'succeeded', message, ...(result && { result }), error: null });
    } catch (error) {
      await this.endBy(this.interruption ?? error);
    }
  }

  private async endBy(error: unknown): Promise<void> {
    const { store, report } = this.services;
    const { claim } = this.claimed;
    if (error instanceof OperationInterrupted) {
      if (error.because === 'cancelled') {
        await this.breakOff({ state: 'cancelled', message: null, error: null });
      }
      if (error.because === 'stopping') await store.release(claim, 0);
    } else if (error instanceof OperationPostponed) {
      await store.release(claim, error.forMs);
    } else if (error instanceof StoreUnavailable) {
      await store.release(claim, PAUSE_MS);
    } else if (error instanceof DomainError) {
      await this.fail({ code: error.code, message: error.message });
    } else {
      const { kind, id, correlationId } = this.operation;
      report(error, `carry out the operation ${kind} ${id} (correlation id ${correlationId})`);
      await this.breakOff({ state: 'failed', message: null, error: OUR_FAULT });
    }
  }

  /** What the handler leaves behind is put in order first: should this process die in between, the next one does so. */
  private async breakOff(end: Omit<OperationEnd, 'finishedAt'>): Promise<void> {
    const { store, report } = this.services;
    try {
      await this.handler.onBrokenOff?.(this.operation);
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        await store.release(this.claimed.claim, PAUSE_MS);
        return;
      }
      report(error, `put in order what the operation ${this.operation.id} leaves behind`);
    }
    await this.end(end);
  }

  private async fail(error: OperationFailure): Promise<void> {
    await this.end({ state: 'failed', message: null, error });
  }

  private async end(end: Omit<OperationEnd, 'finishedAt'>): Promise<void> {
    const { store, clock } = this.services;
    await store.finish(this.claimed.claim, { ...end, finishedAt: clock.now() });
  }

  private async renew(): Promise<void> {
    const { store, report } = this.services;
    try {
      this.heed(await store.renew(this.claimed.claim, CLAIM_MS));
    } catch (error) {
      // tried again; if that does not help in time another process takes it, and ours is told so by its next step
      report(error, `keep the operation ${this.operation.id}`);
    }
  }

  private heed(state: ClaimState): void {
    if (state !== 'held') this.interrupt(state);
  }

  private mustGoOn(): void {
    if (this.interruption) throw this.interruption;
  }
}

const GAVE_UP: OperationFailure = {
  code: 'operation-gave-up',
  message: `It was begun ${MOST_CLAIMS} times and never came to an end. The log has more.`,
};

const OUR_FAULT: OperationFailure = {
  code: 'internal-error',
  message: 'A fault of ours. The log has more under the correlation id.',
};
