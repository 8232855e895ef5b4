import { Injectable, Logger } from '@nestjs/common';
import { type Turn as LeasedTurn } from '../../event-store';
import { DomainError } from '../../kernel/domain-error';
import { type WorkerState } from '../../workers';
import { type CalendarMoment } from '../domain/policy/calendar';
import { type ExplainedDecision, type IdleDecision } from '../domain/decision/decision';
import { PROBLEM } from '../domain/policy/effective-policy';
import { actionFor } from '../domain/reaper-run';
import { moment } from '../domain/trace/words';
import { type ActOutcome, byDecision } from './act-outcome';
import { Alarming } from './alarming';
import { Announcing } from './announcing';
import { type FleetView } from './fleet-surroundings';
import { Pacing } from './pacing';
import { ScheduledStarts, type TurnSpan } from './scheduled-starts';
import { StopRefusals } from './stop-refusals';
import { Stopping } from './stopping';
import { type KeptVerdicts } from './verdict-keeper';
import { isStoppedByItself } from './worker-facts';

/** What came of one worker's decision. */
export type Carried =
  | { readonly decision: IdleDecision; readonly outcome: ActOutcome }
  | { readonly decision: IdleDecision; readonly error: string };

/** What all workers of a turn share. */
export interface TurnScene {
  readonly turn: LeasedTurn;
  readonly view: FleetView;
  readonly verdicts: KeptVerdicts;
  readonly correlationId: string;
  readonly span: TurnSpan;
}

const FAILED = 'It failed for a reason of its own; the log has more under the decision id.';

/** Does what the decision about one worker asks for. */
@Injectable()
export class WorkerTurn {
  private readonly logger = new Logger('Reaper');

  constructor(
    private readonly announcing: Announcing,
    private readonly stopping: Stopping,
    private readonly alarming: Alarming,
    private readonly pacing: Pacing,
    private readonly refusals: StopRefusals,
    private readonly starts: ScheduledStarts,
  ) {}

  /** Never rejects: one worker's trouble does not keep the others from their turn. */
  async take(worker: WorkerState, decision: ExplainedDecision, scene: TurnScene): Promise<Carried> {
    const { workerId, decisionId, verdict } = decision;
    const about = { workerId, decisionId, verdict, correlationId: scene.correlationId };
    try {
      const outcome = await this.carryOut(worker, decision, scene);
      if (outcome.action !== 'none') this.logger.log({ ...about, action: outcome.action }, outcome.reason);
      return { decision, outcome };
    } catch (error) {
      this.logger.error({ err: error, ...about }, 'the reaper failed for a worker; it is kept');
      return { decision, error: error instanceof DomainError ? error.message : FAILED };
    }
  }

  private async carryOut(
    worker: WorkerState,
    decision: ExplainedDecision,
    scene: TurnScene,
  ): Promise<ActOutcome> {
    const { turn, view, correlationId } = scene;
    const action = isToldInVain(worker, decision, view) ? 'call-off' : actionFor(decision);
    // a stop lifts it itself, by the worker's stream
    if (action !== 'stop') await this.stopping.liftStrayFence(worker, correlationId);
    switch (action) {
      case 'announce': {
        const unannounced = this.refusals.unannounced(decision, view.control);
        if (unannounced) return unannounced;
        return this.announcing.announce(worker, decision, scene);
      }
      case 'notify':
        return this.announcing.notify(decision, scene);
      case 'call-off':
        return this.announcing.callOff(
          decision,
          decision.dryRun ? whyNoStop(decision) : decision.reason,
          correlationId,
        );
      case 'stop': {
        const anew = this.pacing.anew(worker, decision, view.control, view.notices.get(worker.id) ?? []);
        const start = this.starts.dueOf(worker, scene.span);
        if (anew) {
          const announced = await this.announcing.announceAnew(worker, decision, anew, scene);
          // after it, since it announces nothing of a worker that has changed
          await this.stopping.liftStrayFence(worker, correlationId);
          return announced;
        }
        if (start) {
          await this.stopping.liftStrayFence(worker, correlationId);
          // stopped now it would stay so: by the next turn the time of its start is over
          return { action: 'held', reason: startsInstead(start) };
        }
        return this.stopping.carryOut(turn, decision, view, correlationId);
      }
      case 'held':
      case 'none': {
        const alarmed = await this.alarming.alarm(worker, decision, scene.verdicts.now.get(worker.id));
        return alarmed ?? byDecision(action, decision);
      }
    }
  }
}

function startsInstead({ name, at }: CalendarMoment): string {
  return `Its calendar starts it at ${moment(at)} (${name}): the turn of that time does not stop it.`;
}

function whyNoStop({ policyOrigins }: ExplainedDecision): string {
  if (policyOrigins.dryRun !== PROBLEM) return 'Its policy is on trial now.';
  return 'Its policy cannot be followed: nothing is stopped by it until it is mended.';
}

/** People were told of a stop that is neither planned nor due any more: a person has snoozed it, say. */
function isToldInVain(worker: WorkerState, decision: IdleDecision, { notices }: FleetView): boolean {
  const { plan, plannedStop, verdict, dryRun } = decision;
  if (plan || plannedStop || (verdict === 'stop' && !dryRun) || isStoppedByItself(worker)) return false;
  return notices.has(worker.id);
}
