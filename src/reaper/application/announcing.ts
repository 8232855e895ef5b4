import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Turn } from '../../event-store';
import { StopNotices } from '../../notifications';
import { PlanStop, type WorkerState } from '../../workers';
import { type IdleDecision } from '../domain/decision/decision';
import { type StopCause } from '../domain/signals/idle-input';
import { announcement, callOffReason } from '../domain/decision/sentences';
import { type ActOutcome, isRefusal } from './act-outcome';
import { contextOf } from './decision-context';

/** The turn in which people are told. */
export interface Telling {
  readonly turn: Pick<Turn, 'stillHeld'>;
  readonly correlationId: string;
}

/**
 * Announces stops on the worker and to people, stage by stage, and calls them off. The plan is stored before anybody is
 * told of it, and taken back after people were told that: what a crash leaves undone the next turn finds.
 * A process that stood still, and goes on when others have the turn, announces nothing of a worker that changed meanwhile,
 * and tells nobody.
 */
@Injectable()
export class Announcing {
  constructor(
    private readonly commands: CommandBus,
    private readonly notices: StopNotices,
  ) {}

  /** The worker gets the decision's plan, and people the notice that is due of it. */
  async announce(worker: WorkerState, decision: IdleDecision, telling: Telling): Promise<ActOutcome> {
    const { decisionId, plan, noticeDue } = decision;
    if (!plan) throw new Error(`decision ${decisionId} has no plan to announce`);
    const reason = announcement(decision);
    const refused = await this.store(worker, decision, { ...plan, reason }, telling);
    if (refused) return refused;
    const notice = noticeDue && (await this.tell(decision, plan.cause, noticeDue, reason, telling));
    return { action: 'announce', reason, notice };
  }

  /** People are told once more of what is announced already. */
  async notify(decision: IdleDecision, telling: Telling): Promise<ActOutcome> {
    const { noticeDue, plan } = decision;
    const reason = announcement(decision);
    const notice =
      noticeDue && (await this.tell(decision, plan?.cause ?? 'idle', noticeDue, reason, telling));
    return { action: 'notify', reason, notice };
  }

  /** A stop that became due while no turn was taken is announced anew. */
  async announceAnew(
    worker: WorkerState,
    decision: IdleDecision,
    { at, stageMinutes, quiet }: { at: Date; stageMinutes: number; quiet: boolean },
    telling: Telling,
  ): Promise<ActOutcome> {
    const { plannedStop } = decision;
    const cause = decision.cause ?? plannedStop?.cause ?? 'idle';
    const plan = { at, cause };
    const anew = { ...decision, plan, deadline: at };
    const reason = `It became due while no turn was taken. ${announcement(anew)}`;
    const refused = await this.store(worker, decision, { ...plan, reason }, telling);
    if (refused) return refused;
    const due = { stageMinutes, deadline: at };
    const notice = quiet ? null : await this.tell(decision, cause, due, reason, telling);
    return { action: 'announce', reason, notice };
  }

  async callOff(decision: IdleDecision, why: string, correlationId: string): Promise<ActOutcome> {
    const reason = callOffReason(decision, why);
    await this.notices.callOff(decision.workerId, reason, decision.decisionId);
    const context = contextOf(decision, 'call-off', reason, correlationId);
    if (decision.plannedStop) await this.commands.execute(new PlanStop(decision.workerId, null, context));
    return { action: 'call-off', reason };
  }

  /** Null: it is stored. Of a worker that changed since it was judged the next turn decides anew. */
  private async store(
    { id, revision }: WorkerState,
    decision: IdleDecision,
    plan: { readonly at: Date; readonly cause: StopCause; readonly reason: string },
    { correlationId }: Telling,
  ): Promise<ActOutcome | null> {
    const { decisionId } = decision;
    const context = contextOf(decision, 'announce', plan.reason, correlationId);
    try {
      await this.commands.execute(new PlanStop(id, { ...plan, decisionId }, context, revision));
      return null;
    } catch (error) {
      if (isRefusal(error)) return { action: 'none', reason: error.message };
      throw error;
    }
  }

  /** Null: nobody is told, since the turn is another process' by now, which tells them itself. */
  private async tell(
    { workerId, workerName, decisionId, policy }: IdleDecision,
    cause: StopCause,
    due: { readonly stageMinutes: number; readonly deadline: Date },
    reason: string,
    { turn }: Telling,
  ): Promise<typeof due | null> {
    if (!turn.stillHeld()) return null;
    const sentence = `${workerName}: ${reason}`;
    const emails = policy.notifyEmails;
    await this.notices.tell({ workerId, workerName, decisionId, ...due, cause, sentence, emails });
    return due;
  }
}
