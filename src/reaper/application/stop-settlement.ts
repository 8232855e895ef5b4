import { Injectable, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { StopNotices } from '../../notifications';
import { GetWorker, WorkerNotFound, type WorkerState } from '../../workers';
import { type StopTake } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { PolicySource } from '../domain/ports';
import { type StopOutcome, StopTrail } from '../domain/stop-trail';
import { contextOf } from './decision-context';
import { subjectOf } from './worker-facts';

const NOT_ASKED = 'AWS was not asked for the stop in time';

/**
 * Finds out what became of stops that count in budgets: those that AWS was asked for count on, and people are told; those
 * that were never sent do not count. Its only ground is what is stored, so that it settles what a dead process left, too.
 */
@Injectable()
export class StopSettlement {
  private readonly logger = new Logger('Reaper');

  constructor(
    private readonly queries: QueryBus,
    private readonly controls: ReaperControls,
    private readonly trail: StopTrail,
    private readonly notices: StopNotices,
    private readonly policies: PolicySource,
    private readonly clock: FleetClock,
  ) {}

  /** All that are open: at the begin of a turn no other one can be about to send any of them. @throws StoreUnavailable */
  async settleAll(correlationId: string): Promise<void> {
    const { takes } = await this.controls.state();
    for (const take of takes) if (!take.sentAt) await this.settleOne(take, correlationId);
  }

  /** What became of one that cannot be found out keeps no other worker from its turn; it goes on counting. */
  private async settleOne(take: StopTake, correlationId: string): Promise<void> {
    try {
      await this.settle(take, correlationId);
    } catch (err) {
      if (err instanceof StoreUnavailable) throw err;
      const { workerId, decisionId } = take;
      this.logger.error({ err, workerId, decisionId }, 'what became of a stop could not be found out');
    }
  }

  /** One that stays open counts, and is looked at again in the next turn. @throws StoreUnavailable */
  async settle(
    take: Pick<StopTake, 'workerId' | 'decisionId'>,
    correlationId: string,
  ): Promise<StopOutcome['outcome']> {
    const { workerId, decisionId } = take;
    const { outcome, reason } = await this.trail.of(workerId, decisionId);
    switch (outcome) {
      case 'open':
        return outcome;
      case 'sent': {
        // told before it is noted: after a crash in between it is the same notice once more
        await this.tell(take, reason ?? 'It was stopped by itself.');
        await this.notices.cameTrue(workerId, decisionId);
        const context = contextOf(take, 'sent', 'AWS was asked for the stop', correlationId);
        await this.controls.change(context, (control) => control.sent(decisionId, this.clock.now()));
        return outcome;
      }
      case 'withdrawn':
        await this.giveBack(take, NOT_ASKED, correlationId);
        return outcome;
      case 'never':
        await this.giveBack(take, 'the stop was not asked for', correlationId);
        return outcome;
    }
  }

  async giveBack(take: Pick<StopTake, 'decisionId'>, why: string, correlationId: string): Promise<void> {
    const context = contextOf(take, 'give-back', why, correlationId);
    const now = this.clock.now();
    await this.controls.change(context, (control) => control.giveBack(take.decisionId, why, now));
  }

  private async tell({ workerId, decisionId }: Pick<StopTake, 'workerId' | 'decisionId'>, reason: string) {
    const worker = await this.worker(workerId);
    const workerName = worker?.name ?? workerId;
    const emails = worker ? this.policies.of(subjectOf(worker)).policy.notifyEmails : [];
    const sentence = `${workerName}: ${reason}`;
    const stopped = { kind: 'stopped', episodeId: decisionId, sentence, emails } as const;
    await this.notices.alarm({ workerId, workerName, decisionId, ...stopped });
  }

  /** Null for one that was released since. */
  private async worker(workerId: string): Promise<WorkerState | null> {
    try {
      return await this.queries.execute(new GetWorker(workerId));
    } catch (error) {
      if (error instanceof WorkerNotFound) return null;
      throw error;
    }
  }
}
