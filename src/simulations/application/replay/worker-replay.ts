import { HOUR, latest, MINUTE } from '../../../kernel/clocks';
import {
  type EffectivePolicy,
  factsOf,
  type IdleDecisionInput,
  judge,
  type Judgement,
  type NoticeFact,
  type ObservedUse,
  type SignalState,
  type StopCause,
  UNLIMITED,
  type Verdict,
  type WorkerFacts,
} from '../../../reaper';
import { type Signal } from '../../../telemetry';
import { type WorkerState } from '../../../workers';
import { SignalTrack } from './signal-track';
import { changeTimes, SIGNALS, bySignal } from './change-times';
import { type TickGrid } from './tick-grid';
import { type Span, type WorkerPast } from './worker-past';
import { type Aftermath, RealUses } from './real-uses';

/** `own`: stops are announced as the replayed policy would have; `recorded`: they were as it really happened. */
export type PlanMode = 'own' | 'recorded';

export interface ReplayTerms extends Span {
  readonly effective: Pick<EffectivePolicy, 'policy' | 'calendar'>;
  readonly grid: TickGrid;
  readonly plans: PlanMode;
}

export interface ReplayedVerdict {
  readonly at: Date;
  readonly verdict: Verdict;
}

/** A time in which the worker was due: it is stopped by the first turn in it that nothing else holds off. */
export interface DueTime {
  readonly from: Date;
  /** first turn at which it was not due any more; null: it still is at the end */
  readonly until: Date | null;
  readonly cause: StopCause;
  /** what really followed its beginning, and its end */
  readonly after: Aftermath;
  readonly afterUntil: Aftermath | null;
}

export interface WorkerReplay {
  /** as they changed; the first one is how it began */
  readonly verdicts: readonly ReplayedVerdict[];
  readonly dues: readonly DueTime[];
  readonly evaluations: number;
}

/** An announced stop that was not carried out for so long is announced anew. */
const PLAN_KEEPS_MS = HOUR;

type Facts = { -readonly [K in keyof WorkerFacts]: WorkerFacts[K] };

/**
 * What the reaper would have thought of one worker. It is judged by the same function as in the reaper's turns, only at
 * the turns before which something changed: a reading, what people did, the age of a reading, the calendar, a deadline.
 * Nobody is stopped in it: what comes of stops, and of budgets that many workers share, follows from the times in which
 * it was due. Notices count as delivered when they were due.
 */
export class WorkerReplayer {
  private readonly tracks: ReadonlyMap<Signal, SignalTrack>;
  private readonly uses: RealUses;
  private moment = 0;
  private plan: { at: Date; cause: StopCause; reason: string } | null = null;
  private notices: NoticeFact[] = [];
  /** after a stop of the replay: when somebody would have started it again */
  private restartedAt: Date | null = null;
  private facts: Facts | null = null;
  private newestActivityAt: Date | null = null;
  private lastLabsCount: number | null = null;
  private everSeenActivity = false;

  constructor(
    private readonly past: WorkerPast,
    private readonly terms: ReplayTerms,
  ) {
    const grouped = bySignal(past.intervals);
    this.tracks = new Map(
      SIGNALS.map((signal) => [signal, new SignalTrack(signal, grouped.get(signal) ?? [])]),
    );
    this.uses = new RealUses(past);
  }

  /** `times` are the turns that are looked at in any case, in order. */
  run(times = changeTimes(this.past, this.terms.effective, this.terms)): WorkerReplay {
    const { grid, from, to } = this.terms;
    const verdicts: ReplayedVerdict[] = [];
    const dues: DueTime[] = [];
    let evaluations = 0;
    let due: { from: Date; cause: StopCause } | null = null;
    const first = this.past.moments[0];
    if (!first) return { verdicts, dues, evaluations };
    const begin = grid.atOrAfter(Math.max(from.getTime(), first.at.getTime()));
    const end = to.getTime();
    let place = 0;
    for (let tick = begin; tick <= end;) {
      const now = new Date(tick);
      const judged = this.judge(now);
      evaluations += 1;
      if (verdicts.at(-1)?.verdict !== judged.verdict) verdicts.push({ at: now, verdict: judged.verdict });
      if (judged.verdict === 'stop' && judged.cause) {
        due ??= { from: now, cause: judged.cause };
      } else if (due) {
        const ended = this.dueTime(due, now);
        dues.push(ended);
        this.restartedAt = ended.after.use?.at ?? null;
        due = null;
      }
      const replanned = this.follow(judged, now);
      while ((times[place] ?? Infinity) <= tick) place += 1;
      tick = Math.min(times[place] ?? Infinity, this.nextByTime(judged, now, replanned));
    }
    if (due) dues.push(this.dueTime(due, null));
    return { verdicts, dues, evaluations };
  }

  private dueTime(due: { readonly from: Date; readonly cause: StopCause }, until: Date | null): DueTime {
    return { ...due, until, after: this.uses.after(due.from), afterUntil: until && this.uses.after(until) };
  }

  private judge(now: Date): Judgement {
    const { policy, calendar } = this.terms.effective;
    const observations = this.observationsAt(now);
    const worker = this.factsAt(now);
    const input: IdleDecisionInput = {
      ...{ decisionId: 'replay', now, worker, observations },
      ...{ policy, calendar, budget: UNLIMITED },
    };
    return judge(input);
  }

  private observationsAt(now: Date): ObservedUse {
    const signals: { [S in Signal]?: SignalState } = {};
    for (const [signal, track] of this.tracks) {
      const before = track.current;
      const state = track.at(now);
      if (!state) continue;
      signals[signal] = state;
      const { current } = track;
      if (current && current !== before) this.noteActivity(signal, track);
    }
    const { running, at } = this.lastLabsAt(now);
    return {
      signals,
      everSeenActivity: this.everSeenActivity,
      newestActivityAt: this.newestActivityAt,
      lastLabs: at && running !== null ? { running, at } : null,
    };
  }

  /** What people did is known anew with each interval of what they do; one that goes on idle had nothing new. */
  private noteActivity(signal: Signal, { current }: SignalTrack): void {
    if (!current || (signal !== 'activity' && signal !== 'sessions')) return;
    const { trail, value } = current;
    if (trail?.failed !== true) this.everSeenActivity = value !== 'unknown';
    if (trail?.newestActivityAt === undefined) return;
    const newest = trail.newestActivityAt;
    if (newest?.getTime() === this.newestActivityAt?.getTime()) return;
    this.newestActivityAt = newest;
    this.facts = null;
  }

  /** Events tell each change of their number, readings when they were last read; what is counted is of this run. */
  private lastLabsAt(now: Date): { readonly running: number | null; readonly at: Date | null } {
    const { activeLabsCount } = this.stateAt(now);
    const at = this.tracks.get('labs')?.observedAt ?? (activeLabsCount === null ? null : now);
    return { running: this.lastLabsCount, at };
  }

  private stateAt(now: Date): WorkerState {
    const { moments } = this.past;
    for (;;) {
      const next = moments[this.moment + 1];
      if (!next || next.at > now) break;
      this.moment += 1;
      this.facts = null;
    }
    const state = moments[this.moment]?.state;
    if (!state) throw new Error('a worker without a moment is not judged');
    this.lastLabsCount = state.activeLabsCount ?? this.lastLabsCount;
    return state;
  }

  private factsAt(now: Date): WorkerFacts {
    const state = this.stateAt(now);
    this.facts ??= factsOf(state, this.newestActivityAt, []);
    const { facts } = this;
    facts.notices = this.notices;
    if (this.terms.plans === 'recorded') return facts;
    facts.plannedStop = this.plan;
    facts.fence = null;
    facts.runningSince = latest(
      state.runningSince,
      this.restartedAt && state.runningSince && this.restartedAt,
    );
    return facts;
  }

  /** Announces, calls off and tells as the reaper's turn does. True where the next turn finds something new by it. */
  private follow({ plan, noticeDue }: Judgement, now: Date): boolean {
    const replanned = this.terms.plans === 'own' && !isSamePlan(plan, this.plan);
    if (replanned) {
      this.plan = plan && { ...plan, reason: '' };
      this.notices = [];
    }
    if (!noticeDue) return replanned;
    const { deadline, stageMinutes } = noticeDue;
    const told: NoticeFact = { deadline, stageMinutes, state: 'delivered', deliveredAt: now };
    this.notices = [...this.notices.filter(({ deadline: of }) => of.getTime() === deadline.getTime()), told];
    return true;
  }

  /** The next turn that judges otherwise though nothing is read and nobody does anything. */
  private nextByTime(judged: Judgement, now: Date, replanned: boolean): number {
    const { grid, effective } = this.terms;
    const later = now.getTime() + 1;
    if (replanned) return grid.atOrAfter(later);
    const candidates = [judged.nextDecisionAt?.getTime() ?? Infinity];
    const planned = this.facts?.plannedStop;
    if (planned) {
      const at = planned.at.getTime();
      for (const stage of effective.policy.warningStagesMinutes) candidates.push(at - stage * MINUTE);
      candidates.push(at, at + PLAN_KEEPS_MS + 1);
    }
    const next = Math.min(...candidates.filter((time) => time > now.getTime()));
    return next === Infinity ? next : grid.atOrAfter(next);
  }
}

type Plan = Judgement['plan'];

function isSamePlan(one: Plan, other: Plan): boolean {
  return one?.at.getTime() === other?.at.getTime() && one?.cause === other?.cause;
}
