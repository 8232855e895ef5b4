import { Inject, Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { derivedId } from '../../kernel/ids';
import { StopNotices } from '../../notifications';
import { type WorkerState } from '../../workers';
import { breakerSentence } from '../domain/control/breaker';
import { type ReaperControlState } from '../domain/control/control-state';
import { type IdleDecision } from '../domain/decision/decision';
import { forgottenLabs } from '../domain/decision/forgotten-labs';
import { alarm } from '../domain/decision/sentences';
import { VerdictBook, type VerdictNow } from '../domain/verdict-book';
import { type ActOutcome } from './act-outcome';
import { REAPER_OPTIONS, type ReaperOptions } from './reaper.options';

/** How long a CML server may take to come up, in which nobody need worry that it cannot be read. */
const BOOT_BUDGET_MS = 30 * MINUTE;

/**
 * Tells people, once in each episode, what keeps a worker running that they should look at. An episode is known by when
 * its verdict began, which the book remembers: over restarts and in all replicas it is the same.
 */
@Injectable()
export class Alarming {
  constructor(
    private readonly notices: StopNotices,
    private readonly book: VerdictBook,
    @Inject(REAPER_OPTIONS) private readonly options: Pick<ReaperOptions, 'observeSeconds'>,
  ) {}

  /** Null: there is nothing to tell. @throws StoreUnavailable */
  async alarm(
    worker: WorkerState,
    decision: IdleDecision,
    now: VerdictNow | undefined,
  ): Promise<ActOutcome | null> {
    if (!now) return null;
    return (await this.unreadable(worker, decision, now)) ?? this.forgotten(decision, now);
  }

  /** Told in each turn while it is open: the same notice, which people get once. @throws StoreUnavailable */
  async breakerOpen({ breaker }: ReaperControlState): Promise<void> {
    if (!breaker) return;
    const { decisionId, openedAt } = breaker;
    const episodeId = derivedId('breaker-open', openedAt.toISOString());
    const sentence = breakerSentence(breaker);
    const about = { workerId: null, workerName: 'fleet', decisionId };
    await this.notices.alarm({ ...about, kind: 'breaker-open', sentence, episodeId });
  }

  private async unreadable(
    worker: WorkerState,
    decision: IdleDecision,
    now: VerdictNow,
  ): Promise<ActOutcome | null> {
    if (decision.verdict !== 'unknown' || isBooting(worker, decision.at)) return null;
    const lasted = decision.at.getTime() - now.at.getTime();
    if (lasted < 2 * this.options.observeSeconds * SECOND) return null;
    const episodeId = derivedId('unreadable', worker.id, now.at.toISOString());
    return this.tell('unreadable', decision, now, episodeId, alarm(decision, lasted));
  }

  private forgotten(decision: IdleDecision, now: VerdictNow): Promise<ActOutcome | null> {
    const { longRunning, workerId } = decision;
    if (!longRunning) return Promise.resolve(null);
    const episodeId = derivedId('labs-forgotten', workerId, longRunning.since.toISOString());
    return this.tell('labs-forgotten', decision, now, episodeId, forgottenLabs(decision, longRunning.since));
  }

  private async tell(
    kind: 'unreadable' | 'labs-forgotten',
    decision: IdleDecision,
    now: VerdictNow,
    episodeId: string,
    reason: string,
  ): Promise<ActOutcome | null> {
    if (now.alarmed.includes(episodeId)) return null;
    const { workerId, workerName, decisionId, policy } = decision;
    const told = { kind, episodeId, sentence: `${workerName}: ${reason}`, emails: policy.notifyEmails };
    await this.notices.alarm({ workerId, workerName, decisionId, ...told });
    await this.book.alarmed(workerId, now.decisionId, episodeId);
    return { action: 'alarm', reason };
  }
}

function isBooting({ serviceStatus, runningSince }: WorkerState, now: Date): boolean {
  if (serviceStatus !== 'STARTING' && serviceStatus !== 'UNAVAILABLE') return false;
  return runningSince !== null && now.getTime() - runningSince.getTime() < BOOT_BUDGET_MS;
}
