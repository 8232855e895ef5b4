import { AggregateRoot } from '../../../kernel/aggregate-root';
import { HOUR, MINUTE, plus } from '../../../kernel/clocks';
import { InvalidInput } from '../../../kernel/domain-error';
import { breakerSentence, opensBreaker } from './breaker';
import { moment } from '../trace/words';
import {
  ReaperBreakerClosed,
  ReaperBreakerOpened,
  ReaperCatchUpBegun,
  type ReaperControlEvent,
  ReaperPaused,
  ReaperResumed,
  ReaperStopRefused,
  ReaperStopReturned,
  ReaperStopSent,
  ReaperStopTaken,
} from './control-events';
import {
  evolveControl,
  NO_CONTROL,
  pauseAt,
  type ReaperControlState,
  type StopRefusal,
} from './control-state';
import { type BudgetedWorker } from './budget-scopes';
import { type RunningFleet, StopBudgets } from './stop-budgets';

/** There is one, over the whole fleet. */
export const REAPER_CONTROL_ID = 'fleet';

/** How long stops are paced after a time without turns. */
const PACED_MS = HOUR;

/** A stop that was refused is tried again after this; after twice as long each further time, up to hours. */
const FIRST_WAIT_MS = 2 * MINUTE;
const WAIT_AT_MOST_MS = 4 * HOUR;

/** What became of a stop that was to be taken from the budgets. */
export type TakeOutcome =
  | { readonly taken: true }
  | {
      readonly taken: false;
      readonly restraint: 'not-paused' | 'breaker' | 'budget';
      readonly detail: string;
      /** the breaker opened on this stop */
      readonly opened: boolean;
    };

/**
 * The switch over all automatic stops, their budgets, and the breaker. Which stops count stands in its stream: two replicas
 * that want the last one of a window want the same version of it.
 */
export class ReaperControl extends AggregateRoot<ReaperControlState, ReaperControlEvent> {
  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly ReaperControlEvent[],
    { state, version }: { state: ReaperControlState; version: number } = { state: NO_CONTROL, version: 0 },
  ): ReaperControl {
    return new ReaperControl(id, events.reduce(evolveControl, state), version + events.length);
  }

  /** @throws InvalidInput for an end that is not ahead */
  pause(by: string, reason: string, until: Date | null, now: Date): void {
    if (until && until <= now) {
      throw new InvalidInput([{ pointer: '/until', message: `must be after ${moment(now)}` }]);
    }
    this.record(new ReaperPaused(this.id, { by, reason, at: now, until }));
  }

  /** Ends a pause, and closes the breaker. No effect where neither holds anything. */
  resume(by: string, reason: string, now: Date): void {
    if (pauseAt(this.state, now)) this.record(new ReaperResumed(this.id, { by, reason, at: now }));
    if (this.state.breaker) this.record(new ReaperBreakerClosed(this.id, { by, reason, at: now }));
  }

  /** A stop counts from now on, unless something holds it off. Once for each decision. */
  take(decisionId: string, worker: BudgetedWorker, fleet: RunningFleet, now: Date): TakeOutcome {
    if (this.state.takes.some((take) => take.decisionId === decisionId)) return { taken: true };
    const budgets = new StopBudgets(this.state, fleet, now);
    const held = this.heldBy(budgets, worker);
    if (held) return { taken: false, opened: false, ...held };
    const { stops: before, running } = budgets.breakerCounts();
    const stops = before + 1;
    if (opensBreaker(stops, running)) {
      const opened = { openedAt: now, stops, running, decisionId, workerId: worker.id };
      this.record(new ReaperBreakerOpened(this.id, opened));
      return { taken: false, restraint: 'breaker', detail: breakerSentence(opened), opened: true };
    }
    const { id: workerId, region, policy } = worker;
    const policyId = policy?.id ?? null;
    this.record(new ReaperStopTaken(this.id, { decisionId, workerId, region, policyId, at: now }));
    return { taken: true };
  }

  /** AWS was asked for it. No effect on a stop that does not count, or was told of before. */
  sent(decisionId: string, now: Date): void {
    const take = this.state.takes.find((one) => one.decisionId === decisionId);
    if (take?.sentAt === null) this.record(new ReaperStopSent(this.id, { decisionId, at: now }));
  }

  /** It was never sent, and will not be. No effect on a stop that does not count, or was sent. */
  giveBack(decisionId: string, why: string, now: Date): void {
    const take = this.state.takes.find((one) => one.decisionId === decisionId);
    if (take?.sentAt === null) this.record(new ReaperStopReturned(this.id, { decisionId, why, at: now }));
  }

  /** It was tried in vain: each time in a row it waits for longer. One that was seen in use waits for an hour at least. */
  refused(refusal: Omit<StopRefusal, 'tries' | 'notBefore'>): void {
    const { workerId, inUse, at } = refusal;
    const before = this.state.refusals.find((one) => one.workerId === workerId);
    const tries = before && plus(before.notBefore, HOUR) > at ? before.tries + 1 : 1;
    const wait = Math.max(inUse ? HOUR : 0, FIRST_WAIT_MS * 2 ** (tries - 1));
    const notBefore = plus(at, Math.min(WAIT_AT_MOST_MS, wait));
    this.record(new ReaperStopRefused(this.id, { ...refusal, tries, notBefore }));
  }

  /** No turn was taken since that time. Once for each such time. */
  beginCatchUp(since: Date, now: Date): void {
    if (this.state.catchUp?.since.getTime() === since.getTime()) return;
    this.record(new ReaperCatchUpBegun(this.id, { since, at: now, until: plus(now, PACED_MS) }));
  }

  protected evolve(state: ReaperControlState, event: ReaperControlEvent): ReaperControlState {
    return evolveControl(state, event);
  }

  private heldBy(budgets: StopBudgets, worker: BudgetedWorker) {
    const { paused, breaker, limits } = budgets.viewOf(worker);
    if (paused) {
      const until = paused.until ? ` until ${moment(paused.until)}` : '';
      const detail = `${paused.by} has paused all automatic stops${until}: ${paused.reason}`;
      return { restraint: 'not-paused', detail } as const;
    }
    if (breaker) return { restraint: 'breaker', detail: breakerSentence(breaker) } as const;
    const full = limits.find(({ used, allowed }) => used >= allowed);
    if (!full) return null;
    const { scope, allowed, windowMinutes, freesAt } = full;
    const next = freesAt ? `; the next one is free at ${moment(freesAt)}` : '';
    const detail = `The budget of ${scope} is used up: ${allowed} in ${windowMinutes} min${next}.`;
    return { restraint: 'budget', detail } as const;
  }
}
