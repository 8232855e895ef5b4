import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Turn } from '../../event-store';
import { MachineClock, plus, SECOND } from '../../kernel/clocks';
import { DomainError } from '../../kernel/domain-error';
import { GetWorker } from '../../workers';
import { type IdleDecision } from '../domain/decision';
import { type LiveProbe, objectionOf } from '../domain/live-probe';
import { SignsOfUse } from '../domain/ports';
import { type ReaperAction } from '../domain/reaper-run';
import { ReaperActs } from './reaper-acts';
import { NO_SURROUNDINGS, WorkerJudge } from './worker-judge';

/** A stop rests on a live probe no older than this (machine time). */
const PROBE_HOLDS_MS = 10 * SECOND;

export interface ActOutcome {
  readonly action: ReaperAction;
  readonly reason: string;
}

/**
 * Carries out a decided stop, if it still stands: the worker is loaded from its stream and judged again, then its CML
 * server is asked; only what both confirm is stopped, in this turn, for as long as its probe and its lease hold. A probe
 * that fails is no permission.
 */
@Injectable()
export class ConfirmedStop {
  constructor(
    private readonly queries: QueryBus,
    private readonly judge: WorkerJudge,
    private readonly signs: SignsOfUse,
    private readonly acts: ReaperActs,
    private readonly machine: MachineClock,
  ) {}

  /** @throws WorkerNotFound, StoreUnavailable */
  async carryOut(
    turn: Turn,
    { workerId, decisionId }: IdleDecision,
    correlationId: string,
  ): Promise<ActOutcome> {
    // lists lag behind by a moment, in which somebody may have snoozed it
    const worker = await this.queries.execute(new GetWorker(workerId));
    const decision = await this.judge.judgeOne(worker, NO_SURROUNDINGS, decisionId);
    if (decision.verdict !== 'stop') return { action: 'stop-refused', reason: decision.reason };

    const probe = await this.probe(workerId);
    if ('failure' in probe) {
      return { action: 'probe-refused', reason: `The live probe failed: ${probe.failure}` };
    }
    const objection = objectionOf(probe, decision);
    if (objection) {
      const reason = `The live probe says: ${objection.detail}`;
      if (objection.inUse) await this.acts.callOff(decision, reason, correlationId);
      return { action: 'probe-refused', reason };
    }
    const probeHoldsUntil = plus(probe.at, PROBE_HOLDS_MS);
    if (this.machine.now() >= probeHoldsUntil) {
      return { action: 'probe-refused', reason: 'The live probe took too long to act on it.' };
    }
    if (!turn.stillHeld()) {
      return { action: 'stop-refused', reason: 'The turn lost its lease; another one looks at it again.' };
    }
    const sendBefore = turn.heldUntil < probeHoldsUntil ? turn.heldUntil : probeHoldsUntil;
    return this.stop(decision, { expectedRevision: worker.revision, sendBefore }, correlationId);
  }

  private async stop(...given: Parameters<ReaperActs['stop']>): Promise<ActOutcome> {
    try {
      return { action: 'stop', reason: await this.acts.stop(...given) };
    } catch (error) {
      if (isRefusal(error)) return { action: 'stop-refused', reason: error.message };
      throw error;
    }
  }

  private async probe(workerId: string): Promise<LiveProbe | { readonly failure: string }> {
    try {
      return await this.signs.probe(workerId);
    } catch (error) {
      if (error instanceof DomainError) return { failure: error.message };
      throw error;
    }
  }
}

/** The worker itself, or somebody who was faster, is against it. */
function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError && (error.kind === 'conflict' || error.kind === 'precondition-failed');
}
