import { HOUR, plus } from '../../../kernel/clocks';
import { type OpenBreaker, type ReaperPause } from '../policy/stop-budget';
import {
  type ReaperBreakerOpened,
  type ReaperCatchUpBegun,
  type ReaperControlEvent,
  type ReaperStopRefused,
  type ReaperStopTaken,
} from './control-events';

/** Stops are remembered for the longest window that a budget may have, a week, and an hour more, for clocks that differ. */
const KEPT_MS = (7 * 24 + 1) * HOUR;

/** A stop that counts in budgets. */
export interface StopTake extends Readonly<ReaperStopTaken['data']> {
  /** when AWS had been asked for it; null: that is not known to have happened */
  readonly sentAt: Date | null;
}

/** After a time without turns. */
export interface CatchUp {
  readonly since: Date;
  readonly at: Date;
  readonly until: Date;
  /** the one that this goes on from, begun while that was not over yet; of none: its own times */
  readonly first: { readonly since: Date; readonly at: Date };
}

/** What holds for all automatic stops together. Times are fleet time. */
export interface ReaperControlState {
  readonly paused: ReaperPause | null;
  readonly breaker: (OpenBreaker & Readonly<ReaperBreakerOpened['data']>) | null;
  /** the breaker looks at stops after this only, since a person has looked at those before; null: at all */
  readonly breakerFrom: Date | null;
  readonly catchUp: CatchUp | null;
  /** of the latest week, in the order in which they were taken */
  readonly takes: readonly StopTake[];
  /** the latest of each worker, of a day */
  readonly refusals: readonly StopRefusal[];
}

/** A stop that was tried in vain. */
export type StopRefusal = Readonly<ReaperStopRefused['data']>;

export const NO_CONTROL: ReaperControlState = {
  paused: null,
  breaker: null,
  breakerFrom: null,
  catchUp: null,
  takes: [],
  refusals: [],
};

export function evolveControl(state: ReaperControlState, event: ReaperControlEvent): ReaperControlState {
  switch (event.type) {
    case 'reaper.paused':
      return { ...state, paused: event.data };
    case 'reaper.resumed':
      return { ...state, paused: null };
    case 'reaper.stop-taken': {
      const forgotten = plus(event.data.at, -KEPT_MS);
      const kept = state.takes.filter(({ at }) => at > forgotten);
      return { ...state, takes: [...kept, { ...event.data, sentAt: null }] };
    }
    case 'reaper.stop-sent': {
      const { decisionId, at } = event.data;
      const takes = state.takes.map((take) =>
        take.decisionId === decisionId ? { ...take, sentAt: at } : take,
      );
      // what was sent was not in vain: the next time in a row is the first one
      const sent = takes.find((take) => take.decisionId === decisionId)?.workerId;
      return { ...state, takes, refusals: state.refusals.filter(({ workerId }) => workerId !== sent) };
    }
    case 'reaper.stop-returned': {
      const { decisionId } = event.data;
      return { ...state, takes: state.takes.filter((take) => take.decisionId !== decisionId) };
    }
    case 'reaper.stop-refused': {
      const { workerId, at } = event.data;
      const forgotten = plus(at, -24 * HOUR);
      const kept = state.refusals.filter((one) => one.workerId !== workerId && one.notBefore > forgotten);
      return { ...state, refusals: [...kept, event.data] };
    }
    case 'reaper.breaker-opened':
      return { ...state, breaker: event.data };
    case 'reaper.breaker-closed':
      return { ...state, breaker: null, breakerFrom: event.data.at };
    case 'reaper.catch-up-begun':
      return { ...state, catchUp: catchUpOf(state, event.data) };
  }
}

function catchUpOf(state: ReaperControlState, begun: ReaperCatchUpBegun['data']): CatchUp {
  const before = catchUpAt(state, begun.at);
  const { since, at } = begun;
  return { ...begun, first: before ? before.first : { since, at } };
}

/** The pause, while it lasts. */
export function pauseAt({ paused }: ReaperControlState, now: Date): ReaperPause | null {
  return paused && (paused.until === null || paused.until > now) ? paused : null;
}

/** The refusal for which a worker's stop is not tried again yet. */
export function refusalAt({ refusals }: ReaperControlState, workerId: string, now: Date): StopRefusal | null {
  return refusals.find((one) => one.workerId === workerId && one.notBefore > now) ?? null;
}

/** The catching up, while stops are paced. */
export function catchUpAt({ catchUp }: ReaperControlState, now: Date): CatchUp | null {
  return catchUp && catchUp.until > now ? catchUp : null;
}
