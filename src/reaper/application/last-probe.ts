import { Injectable, Logger } from '@nestjs/common';
import { MachineClock, MINUTE } from '../../kernel/clocks';
import { TopologyKeeper } from '../../labs';
import { CmlError } from '../../telemetry';
import { type WorkerState } from '../../workers';
import { type IdleDecision } from '../domain/decision/decision';
import { type LiveProbe, objectionOf } from '../domain/live-probe';
import { SignsOfUse } from '../domain/ports';
import { type ActOutcome } from './act-outcome';
import { Announcing } from './announcing';

/** Nothing is kept for longer than this before a stop by the maximum uptime (machine time). */
const KEEP_AT_MOST_MS = MINUTE;

/** When the probe was begun that allows the stop (machine time), or why there is no stop. */
export type Probed = { readonly begunAt: Date } | { readonly refused: ActOutcome };

/**
 * Asks the worker's CML server right before its stop, when nobody is offered a session any more. Its word against the
 * stop is the last one. A server that says nothing is no permission, unless it is the maximum uptime that ends the run:
 * then what can be read of its labs is kept first, and it is asked once more. Where we cannot ask, it is not the server that says nothing.
 */
@Injectable()
export class LastProbe {
  private readonly logger = new Logger('Reaper');

  constructor(
    private readonly signs: SignsOfUse,
    private readonly announcing: Announcing,
    private readonly topologies: TopologyKeeper,
    private readonly machine: MachineClock,
  ) {}

  /** @throws StoreUnavailable */
  async of(
    worker: WorkerState,
    decision: IdleDecision,
    signal: AbortSignal,
    correlationId: string,
  ): Promise<Probed> {
    const probed = await this.probed(worker, decision, correlationId);
    if ('refused' in probed || decision.cause !== 'max-uptime') return probed;
    await this.keepTopologies(worker, decision, signal);
    // keeping takes its time, in which somebody may have come
    return this.probed(worker, decision, correlationId);
  }

  private async probed(worker: WorkerState, decision: IdleDecision, correlationId: string): Promise<Probed> {
    const probe = await this.probe(worker.id);
    if ('silence' in probe) {
      if (decision.cause === 'max-uptime') return { begunAt: this.machine.now() };
      const reason = `The live probe failed: ${probe.silence}`;
      return { refused: { action: 'probe-refused', reason, refusal: { inUse: false } } };
    }
    const objection = objectionOf(probe, decision);
    if (!objection) return { begunAt: probe.at };
    const reason = `The live probe says: ${objection.detail}`;
    if (objection.inUse) await this.announcing.callOff(decision, reason, correlationId);
    const { inUse } = objection;
    return { refused: { action: 'probe-refused', reason, refusal: { inUse } } };
  }

  private async probe(workerId: string): Promise<LiveProbe | { readonly silence: string }> {
    try {
      return await this.signs.probe(workerId);
    } catch (error) {
      if (error instanceof CmlError) return { silence: error.message };
      throw error;
    }
  }

  /** As well as it goes: a server that cannot be read is no reason to let the worker run for ever. */
  private async keepTopologies(
    worker: WorkerState,
    { decisionId, reason }: IdleDecision,
    signal: AbortSignal,
  ): Promise<void> {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(KEEP_AT_MOST_MS)]);
    try {
      // one that does not heed the signal would hold the fence and the turn for as long as it hangs
      const kept = this.topologies.keepAll(worker, bounded, { by: 'system:reaper', reason });
      await Promise.race([kept, brokenOff(bounded)]);
    } catch (err) {
      const about = { err, workerId: worker.id, decisionId };
      this.logger.warn(about, 'topologies could not be kept before a stop by the maximum uptime');
    }
  }
}

/** Rejects with the signal's reason. */
function brokenOff(signal: AbortSignal): Promise<never> {
  return new Promise((_done, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
