import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { refusalAt, type ReaperControlState } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { type IdleDecision } from '../domain/decision/decision';
import { moment } from '../domain/trace/words';
import { type ActOutcome } from './act-outcome';
import { contextOf } from './decision-context';

/**
 * Due stops that were tried in vain. Whatever refuses one refuses it in the next minute, too: it is tried again after a
 * while, which is stored, and neither its server nor its sessions notice anything meanwhile.
 */
@Injectable()
export class StopRefusals {
  constructor(
    private readonly controls: ReaperControls,
    private readonly clock: FleetClock,
  ) {}

  /** Null: it may be tried. */
  waiting({ workerId, plannedStop, at }: IdleDecision, control: ReaperControlState): ActOutcome | null {
    const refusal = refusalAt(control, workerId, at);
    if (refusal?.plannedFor?.getTime() !== plannedStop?.at.getTime()) return null;
    return refusal && { action: 'held', reason: sentence(refusal) };
  }

  /**
   * Null: it may be announced. As long as it is not tried again, nobody need hear of it once more. Where it was seen in use
   * at the end of its maximum uptime, that end would come with each announcement, and be called off with each probe.
   */
  unannounced(decision: IdleDecision, control: ReaperControlState): ActOutcome | null {
    const { workerId, cause, plannedStop, at } = decision;
    const refusal = refusalAt(control, workerId, at);
    const again = refusal?.inUse === true && cause === 'max-uptime' && !plannedStop;
    if (!refusal || !(again || (plannedStop && this.waiting(decision, control)))) return null;
    return { action: 'none', reason: sentence(refusal) };
  }

  /** @throws StoreUnavailable */
  async note(
    decision: IdleDecision,
    { reason: why, refusal }: ActOutcome,
    correlationId: string,
  ): Promise<void> {
    if (!refusal) return;
    const { decisionId, workerId, plannedStop } = decision;
    const plannedFor = plannedStop?.at ?? null;
    const refused = { decisionId, workerId, plannedFor, why, ...refusal, at: this.clock.now() };
    const context = contextOf(decision, 'refused', why, correlationId);
    await this.controls.change(context, (control) => control.refused(refused));
  }
}

function sentence({ why, notBefore }: { readonly why: string; readonly notBefore: Date }): string {
  return `${why} It is tried again after ${moment(notBefore)}.`;
}
