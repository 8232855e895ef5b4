import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StopNotices } from '../../notifications';
import { PlanStop } from '../../workers';
import { type IdleDecision } from '../domain/decision';
import { type StopCause } from '../domain/idle-input';
import { announcement, callOffReason } from '../domain/sentences';
import { type ActOutcome } from './act-outcome';
import { contextOf } from './decision-context';

/**
 * Announces stops on the worker and to people, stage by stage, and calls them off. The plan is stored before anybody is
 * told of it, and taken back after people were told that: what a crash leaves undone the next turn finds.
 */
@Injectable()
export class Announcing {
  constructor(
    private readonly commands: CommandBus,
    private readonly notices: StopNotices,
  ) {}

  /** The worker gets the decision's plan, and people the notice that is due of it. */
  async announce(decision: IdleDecision, correlationId: string): Promise<ActOutcome> {
    const { decisionId, plan, noticeDue } = decision;
    if (!plan) throw new Error(`decision ${decisionId} has no plan to announce`);
    const reason = await this.plan(decision, plan, correlationId);
    const notice = noticeDue && (await this.tell(decision, plan.cause, noticeDue, reason));
    return { action: 'announce', reason, notice };
  }

  /** People are told once more of what is announced already. */
  async notify(decision: IdleDecision): Promise<ActOutcome> {
    const { noticeDue, plan } = decision;
    const reason = announcement(decision);
    const notice = noticeDue && (await this.tell(decision, plan?.cause ?? 'idle', noticeDue, reason));
    return { action: 'notify', reason, notice };
  }

  /** A stop that became due while no turn was taken is announced anew. */
  async announceAnew(
    decision: IdleDecision,
    { at, stageMinutes, quiet }: { at: Date; stageMinutes: number; quiet: boolean },
    correlationId: string,
  ): Promise<ActOutcome> {
    const { plannedStop } = decision;
    const cause = decision.cause ?? plannedStop?.cause ?? 'idle';
    const plan = { at, cause };
    const anew = { ...decision, plan, deadline: at };
    const reason = `It became due while no turn was taken. ${announcement(anew)}`;
    await this.store(decision, { ...plan, reason }, correlationId);
    const due = { stageMinutes, deadline: at };
    const notice = quiet ? null : await this.tell(decision, cause, due, reason);
    return { action: 'announce', reason, notice };
  }

  async callOff(decision: IdleDecision, why: string, correlationId: string): Promise<ActOutcome> {
    const reason = callOffReason(decision, why);
    await this.notices.callOff(decision.workerId, reason, decision.decisionId);
    const context = contextOf(decision, 'call-off', reason, correlationId);
    if (decision.plannedStop) await this.commands.execute(new PlanStop(decision.workerId, null, context));
    return { action: 'call-off', reason };
  }

  private async plan(
    decision: IdleDecision,
    plan: { readonly at: Date; readonly cause: StopCause },
    correlationId: string,
  ): Promise<string> {
    const reason = announcement(decision);
    await this.store(decision, { ...plan, reason }, correlationId);
    return reason;
  }

  private async store(
    decision: IdleDecision,
    plan: { readonly at: Date; readonly cause: StopCause; readonly reason: string },
    correlationId: string,
  ): Promise<void> {
    const { workerId, decisionId } = decision;
    const context = contextOf(decision, 'announce', plan.reason, correlationId);
    await this.commands.execute(new PlanStop(workerId, { ...plan, decisionId }, context));
  }

  private async tell(
    { workerId, workerName, decisionId, policy }: IdleDecision,
    cause: StopCause,
    due: { readonly stageMinutes: number; readonly deadline: Date },
    reason: string,
  ): Promise<typeof due> {
    const sentence = `${workerName}: ${reason}`;
    const emails = policy.notifyEmails;
    await this.notices.tell({ workerId, workerName, decisionId, ...due, cause, sentence, emails });
    return due;
  }
}
