import { type FleetClock } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { type IdSource } from '../../kernel/ids';
import { reasonFor } from '../domain/back-off';
import { type CmlWorker } from '../domain/cml-worker';
import { type WorkerRepository } from '../domain/ports';
import { ComputeError, DECIDED_TOO_LONG_AGO } from '../domain/worker-errors';
import { type StatusReason, type WorkerState } from '../domain/worker-state';

/** What one turn of the reconciler stores on its worker; each step is a command of its own. */
export class TurnRecord {
  /** @param correlationId names what the turn is part of, if anything */
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
    private readonly ids: IdSource,
    private readonly correlationId: string | null,
  ) {}

  async change(state: WorkerState, change: (worker: CmlWorker) => void): Promise<void> {
    await this.workers.update(state.id, this.context(state), change);
  }

  /** What AWS refused is told on the worker. @throws the error itself where it is none of AWS */
  async explain(state: WorkerState, error: unknown): Promise<void> {
    if (wasNotSent(error)) return;
    await this.tell(state, this.reasonFor(state, error));
  }

  /** A reason is told where the intent is still the one whose call it is about: it must not hold up another one. */
  async tell(state: WorkerState, reason: StatusReason): Promise<void> {
    await this.change(state, (worker) => {
      if (isSameIntent(worker.state, state)) worker.explain(reason, reason.at);
    });
  }

  /** @throws the error itself where it is none of AWS */
  reasonFor(state: WorkerState, error: unknown): StatusReason {
    if (!(error instanceof ComputeError)) throw error;
    return reasonFor(error, { workerId: state.id, since: state.desired.at }, this.clock.now());
  }

  /** Why is what the intent says. */
  private context({ desired }: WorkerState): CommandContext {
    const commandId = this.ids.next();
    return systemContext('reconciler', commandId, {
      reason: desired.reason,
      correlationId: this.correlationId ?? commandId,
      causationId: desired.decisionId,
    });
  }
}

/** A call that came too late to be sent tells nothing: the next turn decides on what is so by then. */
export function wasNotSent(error: unknown): boolean {
  return error instanceof ComputeError && error.awsCode === DECIDED_TOO_LONG_AGO;
}

export function isSameIntent(one: WorkerState, other: WorkerState): boolean {
  return one.desired.state === other.desired.state && one.desired.at.getTime() === other.desired.at.getTime();
}
