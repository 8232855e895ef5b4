import { Inject, Injectable } from '@nestjs/common';
import { FleetClock, MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type WorkerState } from '../../workers';
import { catchUpAt, type ReaperControlState } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { type IdleDecision } from '../domain/decision/decision';
import { type NoticeFact } from '../domain/signals/idle-input';
import { PolicySource, ReaperRuns } from '../domain/ports';
import { missedTurns } from './cron-times';
import { REAPER_OPTIONS, type ReaperOptions } from './reaper.options';
import { subjectOf } from './worker-facts';

/**
 * After a time without turns, which begins where the latest one ended: one that takes long is none. What became due
 * meanwhile is announced once more, and once only, since nobody can tell whether people heard of it, and stops are paced by a budget of their own. That it is so stands in the control's stream, so that it
 * lasts although the first turn dies.
 */
@Injectable()
export class Pacing {
  constructor(
    private readonly runs: ReaperRuns,
    private readonly controls: ReaperControls,
    private readonly policies: PolicySource,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(REAPER_OPTIONS) private readonly options: Pick<ReaperOptions, 'cron'>,
  ) {}

  /** Called first in each turn. @throws StoreUnavailable */
  async begin(correlationId: string): Promise<void> {
    const latest = await this.runs.latestEnd();
    if (!latest) return;
    const now = this.clock.now();
    const machineNow = this.machine.now();
    const elapsed = this.clock.toMachineMs(now.getTime() - latest.getTime());
    if (!missedTurns(this.options.cron, plus(machineNow, -elapsed), machineNow)) return;
    const commandId = derivedId('reaper', 'catch-up', latest.toISOString());
    const reason = 'no turn was taken for long';
    await this.controls.change(systemContext('reaper', commandId, { reason, correlationId }), (control) =>
      control.beginCatchUp(latest, now),
    );
  }

  /**
   * For when a due stop is to be announced anew; null: it was due before that time, or after it, or people were told of it
   * since turns are taken again. `notices` are those of its worker.
   */
  anew(
    worker: WorkerState,
    { verdict, plannedStop, at, policy }: IdleDecision,
    control: ReaperControlState,
    notices: readonly NoticeFact[],
  ): { readonly at: Date; readonly stageMinutes: number; readonly quiet: boolean } | null {
    const catchUp = catchUpAt(control, at);
    if (verdict !== 'stop' || !plannedStop || !catchUp) return null;
    const { first } = catchUp;
    if (plannedStop.at <= first.since || plannedStop.at > catchUp.at) return null;
    const isTold = ({ deadline, deliveredAt }: NoticeFact) =>
      deadline.getTime() === plannedStop.at.getTime() && deliveredAt !== null && deliveredAt >= first.at;
    if (notices.some(isTold)) return null;
    const stageMinutes = Math.min(...policy.warningStagesMinutes);
    if (!Number.isFinite(stageMinutes)) return null;
    const { calendar } = this.policies.of(subjectOf(worker));
    const earliest = plus(at, stageMinutes * MINUTE);
    // null: not within 400 days, so that it is held whatever is told
    return {
      at: calendar.nextAllowed(earliest) ?? earliest,
      stageMinutes,
      quiet: calendar.quietAt(at) !== null,
    };
  }
}
