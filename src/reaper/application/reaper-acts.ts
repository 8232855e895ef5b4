import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { derivedId, IdSource } from '../../kernel/ids';
import { type NoticeKind, Notifier } from '../../notifications';
import { PlanStop, SendAutomaticStop, StopWorker } from '../../workers';
import { type IdleDecision } from '../domain/decision';
import { alarm, announcement, callOffReason, stopReason } from '../domain/sentences';

/** The state that a stop was decided on, and how long it may still be sent. */
export interface StopTerms {
  /** the worker's revision when it was judged: whoever snoozes, protects or starts it meanwhile wins */
  readonly expectedRevision: number;
  /** machine time */
  readonly sendBefore: Date;
}

/** What the reaper does to a worker. Each act is told to people, and stands in the worker's history with its decision. */
@Injectable()
export class ReaperActs {
  constructor(
    private readonly commands: CommandBus,
    private readonly notifier: Notifier,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
  ) {}

  /** Announces the stop for the decision's deadline. Answers the sentence that people read, like the others. */
  async announce(decision: IdleDecision, correlationId: string): Promise<string> {
    const { workerId, decisionId, deadline } = decision;
    const reason = announcement(decision);
    if (!deadline) throw new Error(`decision ${decisionId} has no deadline to announce`);
    const plan = { at: deadline, reason, decisionId, cause: 'idle' as const };
    await this.commands.execute(
      new PlanStop(workerId, plan, contextOf(decision, 'announce', reason, correlationId)),
    );
    return this.tell('stop-planned', decision, reason);
  }

  async callOff(decision: IdleDecision, why: string, correlationId: string): Promise<string> {
    const reason = callOffReason(decision, why);
    const context = contextOf(decision, 'call-off', reason, correlationId);
    await this.commands.execute(new PlanStop(decision.workerId, null, context));
    return this.tell('stop-called-off', decision, reason);
  }

  /**
   * Asks for the stop, and sends it.
   * @throws LabsRunning, LabsUnknown, PreconditionFailed and other conflicts when the worker has changed
   */
  async stop(decision: IdleDecision, terms: StopTerms, correlationId: string): Promise<string> {
    const { workerId, decisionId } = decision;
    const reason = stopReason(decision);
    const context = contextOf(decision, 'stop', reason, correlationId);
    await this.commands.execute(new StopWorker(workerId, context, { ...terms, decisionId }));
    this.tell('stopped-idle', decision, reason);
    await this.commands.execute(new SendAutomaticStop(workerId, decisionId, correlationId));
    return reason;
  }

  alarm(decision: IdleDecision, unknownForMs: number): string {
    return this.tell('unreadable', decision, alarm(decision, unknownForMs));
  }

  private tell(kind: NoticeKind, decision: IdleDecision, sentence: string): string {
    const { workerId, workerName, decisionId } = decision;
    const at = this.clock.now();
    const told = `${workerName}: ${sentence}`;
    this.notifier.notify({ id: this.ids.next(), kind, workerId, workerName, decisionId, sentence: told, at });
    return sentence;
  }
}

/** The same decision gives the same command id, so that a repetition finds what was done. */
function contextOf(
  { decisionId }: IdleDecision,
  act: string,
  reason: string,
  correlationId: string,
): CommandContext {
  const commandId = derivedId('reaper', act, decisionId);
  return systemContext('reaper', commandId, { reason, correlationId, causationId: decisionId });
}
