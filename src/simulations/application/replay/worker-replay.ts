import { latest, MINUTE } from '../../../kernel/clocks';
import {
  factsOf,
  type IdleDecisionInput,
  isJudged,
  judge,
  type Judgement,
  longestAgeOf,
  type NoticeFact,
  type ObservedUse,
  PLAN_KEEPS_MS,
  type SignalState,
  type StopCause,
  UNLIMITED,
  type Verdict,
  type WorkerFacts,
} from '../../../reaper';
import { type Signal } from '../../../telemetry';
import { type WorkerState } from '../../../workers';
import { TurnsAhead } from './turns-ahead';
import { SignalTrack } from './signal-track';
import { changeTurns, type ChangeTurns, SIGNALS } from './change-times';
import { type ReplayTerms } from './replay-terms';
import { type IndexedPast } from './indexed-past';
import { emptyRecord } from './signal-record';
import { type Aftermath } from './real-uses';

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

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Facts = Mutable<WorkerFacts>;

/** Until the first judgement. */
const NOBODY = {} as WorkerFacts;

/**
 * What the reaper would have thought of one worker. It is judged by the same function as in the reaper's turns, only at
 * the turns before which something changed: a reading, what people did, the age of a reading, the calendar, a deadline.
 * Nobody is stopped in it: what comes of stops, and of budgets that many workers share, follows from the times in which
 * it was due. Notices count as delivered when they were due.
 */
export class WorkerReplayer {
  private readonly tracks: readonly SignalTrack[];
  private readonly labs: SignalTrack;
  private readonly input: Mutable<IdleDecisionInput>;
  private readonly observations: Mutable<ObservedUse> & { signals: { [S in Signal]?: SignalState } };
  private moment = -1;
  private nextMoment = -Infinity;
  private plan: { at: Date; cause: StopCause; reason: string } | null = null;
  private notices: NoticeFact[] = [];
  /** after a stop of the replay: when somebody would have started it again */
  private restartedAt: Date | null = null;
  private facts: Facts | null = null;
  private newestActivityAt: Date | null = null;
  private lastLabsCount: number | null = null;
  private everSeenActivity = false;

  constructor(
    private readonly past: IndexedPast,
    private readonly terms: ReplayTerms,
  ) {
    const trackOf = (signal: Signal) => new SignalTrack(signal, past.records.get(signal) ?? emptyRecord());
    this.labs = trackOf('labs');
    this.tracks = SIGNALS.map((signal) => (signal === 'labs' ? this.labs : trackOf(signal)));
    this.observations = { signals: {}, everSeenActivity: false, newestActivityAt: null, lastLabs: null };
    this.input = {
      decisionId: 'replay',
      now: terms.from,
      worker: NOBODY,
      observations: this.observations,
      policy: terms.effective.policy,
      calendar: terms.effective.calendar,
      budget: UNLIMITED,
    };
  }

  run(turns: ChangeTurns = changeTurns(this.past, this.terms)): WorkerReplay {
    const { grid, from, to } = this.terms;
    const verdicts: ReplayedVerdict[] = [];
    const dues: DueTime[] = [];
    let evaluations = 0;
    let due: OpenDue | null = null;
    const first = this.past.moments[0];
    if (!first) return { verdicts, dues, evaluations };
    const begin = grid.atOrAfter(Math.max(from.getTime(), first.at.getTime()));
    const end = to.getTime();
    const changes = new TurnsAhead(turns.changes);
    const readings = new TurnsAhead(turns.readings);
    const confirmations = new TurnsAhead(turns.confirmations);
    for (let tick = begin; tick <= end;) {
      const now = new Date(tick);
      const judged = this.judge(now);
      evaluations += 1;
      if (verdicts.at(-1)?.verdict !== judged.verdict) verdicts.push({ at: now, verdict: judged.verdict });
      let ended: DueTime | null = null;
      if (judged.verdict === 'stop' && judged.cause) {
        if (judged.cause !== 'max-uptime' || this.isRecorded(tick))
          due ??= { from: now, cause: judged.cause, idleSince: judged.idleSince };
      } else if (due && !isOnlyReannounced(due, judged)) {
        ended = this.dueTime(due, now);
        dues.push(ended);
        this.restartedAt = ended.after.use?.at ?? null;
        due = null;
      }
      const isNew = this.follow(judged, now) && (ended !== null || !this.isAnnounced(judged));
      const confirmed = judged.idleSince ? confirmations.after(tick) : Infinity;
      const byTime = Math.min(changes.after(tick), confirmed, this.nextByTime(judged, now, isNew));
      const inUseUntil = judged.verdict === 'in-use' ? this.inUseUntil(tick) : tick;
      let read = readings.after(tick);
      for (; read < inUseUntil && read < byTime; read = readings.after(read)) this.read(read);
      tick = Math.min(byTime, read);
    }
    if (due) dues.push(this.dueTime(due, null));
    return { verdicts, dues, evaluations };
  }

  /** The maximum uptime asks for no signal; but where no signal is recorded, nobody knows that there was a turn. */
  private isRecorded(time: number): boolean {
    const { policy } = this.terms.effective;
    return this.tracks.some(({ signal, readUntil }) => readUntil + longestAgeOf(signal, policy) >= time);
  }

  /**
   * Whatever else is read, it is in use while one signal is active that counts: up to this time, not included, as long as
   * nothing but readings changes.
   */
  private inUseUntil(now: number): number {
    const { policy } = this.terms.effective;
    let until = now;
    for (const track of this.tracks) {
      const { signal, current } = track;
      if (current?.value !== 'active' || !isJudged(signal, policy)) continue;
      until = Math.max(until, track.steadyUntil(now, longestAgeOf(signal, policy)));
    }
    return until;
  }

  private dueTime(due: { readonly from: Date; readonly cause: StopCause }, until: Date | null): DueTime {
    return {
      ...due,
      until,
      after: this.past.uses.after(due.from),
      afterUntil: until && this.past.uses.after(until),
    };
  }

  private judge(now: Date): Judgement {
    const { input } = this;
    input.now = now;
    this.observe(now);
    input.worker = this.factsAt(now);
    return judge(input);
  }

  private observe(now: Date): void {
    const { observations } = this;
    this.read(now.getTime());
    for (const track of this.tracks) observations.signals[track.signal] = track.at(now);
    observations.everSeenActivity = this.everSeenActivity;
    observations.newestActivityAt = this.newestActivityAt;
    observations.lastLabs = this.lastLabsAt(now);
  }

  /** Takes what a turn knew, which is all that counts of one that is not judged. */
  private read(time: number): void {
    for (const track of this.tracks) if (track.advance(time)) this.noteActivity(track);
  }

  /** What people did is known anew with each interval of what they do; one that goes on idle had nothing new. */
  private noteActivity({ signal, current }: SignalTrack): void {
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
  private lastLabsAt(now: Date): ObservedUse['lastLabs'] {
    const { activeLabsCount } = this.stateAt(now);
    const at = this.labs.observedAt ?? (activeLabsCount === null ? null : now);
    const running = this.lastLabsCount;
    return at && running !== null ? { running, at } : null;
  }

  private stateAt(now: Date): WorkerState {
    const time = now.getTime();
    while (this.nextMoment <= time) {
      this.moment += 1;
      this.nextMoment = this.past.moments[this.moment + 1]?.at.getTime() ?? Infinity;
      this.lastLabsCount = this.past.moments[this.moment]?.state.activeLabsCount ?? this.lastLabsCount;
      this.facts = null;
    }
    const state = this.past.moments[this.moment]?.state;
    if (!state) throw new Error('a worker without a moment is not judged');
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

  /** What is warned of has its announcement by now, so that the next turn warns of the same. */
  private isAnnounced({ verdict, plan }: Judgement): boolean {
    return this.terms.plans === 'own' && verdict === 'warn' && plan !== null;
  }

  /** The next turn that judges otherwise though nothing is read and nobody does anything. */
  private nextByTime(judged: Judgement, now: Date, isNew: boolean): number {
    const { grid, effective } = this.terms;
    const later = now.getTime() + 1;
    if (isNew) return grid.atOrAfter(later);
    const time = now.getTime();
    let next = Infinity;
    const consider = (at: number) => {
      if (at > time && at < next) next = at;
    };
    if (judged.nextDecisionAt) consider(judged.nextDecisionAt.getTime());
    const planned = this.terms.plans === 'own' ? this.plan : this.facts?.plannedStop;
    if (planned) {
      const at = planned.at.getTime();
      for (const stage of effective.policy.warningStagesMinutes) consider(at - stage * MINUTE);
      consider(at);
      consider(at + PLAN_KEEPS_MS + 1);
    }
    return next === Infinity ? next : grid.atOrAfter(next);
  }
}

/** A due time that has not ended yet. */
interface OpenDue extends Pick<DueTime, 'from' | 'cause'> {
  readonly idleSince: Date | null;
}

/**
 * A stop that was not carried out is announced anew where nothing holds it off. The replay judges as if nothing did; but
 * what waits in a due time waits for a budget, which keeps the announcement, so that nobody is given more time by it.
 */
function isOnlyReannounced(due: OpenDue, { verdict, cause, idleSince }: Judgement): boolean {
  if (verdict !== 'warn' || cause !== due.cause) return false;
  return cause === 'max-uptime' || idleSince?.getTime() === due.idleSince?.getTime();
}

type Plan = Judgement['plan'];

function isSamePlan(one: Plan, other: Plan): boolean {
  return one?.at.getTime() === other?.at.getTime() && one?.cause === other?.cause;
}
