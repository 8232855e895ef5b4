import { MINUTE, SECOND } from '../kernel/clocks';
import { type DatabaseTime } from './database-time';
import { type LeaseHolder } from './lease-holder';
import { type LeaseOwner } from './lease-owner';
import { type JobState, type Leases } from './ports';
import { type ReportError } from './report-error';
import { type Schedule } from './schedule';

/** Longest time between two looks at what is due, and the shortest. Machine milliseconds. */
export const LOOK_EVERY_MS = SECOND;
const SHORTEST_MS = 20;
/** Another replica was faster, or the database's clock is a little behind what we take it for. */
const AFTER_REFUSAL_MS = 100;
const AFTER_FAILURE_MS = 5 * SECOND;

/** The database's clock is asked for again when it was not heard for so long. */
const MEASURE_EVERY_MS = MINUTE;

/**
 * How much later than an idle one a replica comes for a tick, for each turn that it has under way or comes for at the
 * same moment: so that ticks which are due together spread. At most this part of the tick's interval.
 */
const DEFER_MS = 25;
const DEFER_PART = 20;

/** How much later the others come for a tick that is to stay with one replica. */
const STICKY_MS = SECOND;

const FOREVER = new Date(8_640_000_000_000_000);

/** What became of a replica's coming for a tick: refused where it is not due, or another has it. */
export type Coming = 'done' | 'refused' | 'failed';

/** A tick as far as the poller needs it. */
export interface DueTick {
  readonly name: string;
  readonly isRunning: boolean;
  /** Never rejects. */
  runIfDue(): Promise<Coming>;
  /** It was looked whether it is due, and it is not. */
  looked(): void;
}

interface Scheduled {
  readonly tick: DueTick;
  readonly schedule: Schedule;
}

/** Sees when ticks are due, for all ticks of the process by one query, and has them run. */
export class DuePoller {
  private readonly scheduled = new Map<string, Scheduled>();
  private readonly planned = new Set<string>();
  /** by the database's clock, as the latest look found it */
  private readonly dueAt = new Map<string, Date>();
  private readonly coming = new Map<string, NodeJS.Timeout>();
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  private askedMeanwhile = false;

  constructor(
    private readonly leases: Leases,
    private readonly owner: LeaseOwner,
    private readonly holder: LeaseHolder,
    private readonly time: DatabaseTime,
    /** 0 to 1 */
    private readonly random: () => number,
    private readonly report: ReportError,
  ) {}

  add(tick: DueTick, schedule: Schedule): void {
    this.scheduled.set(tick.name, { tick, schedule });
    this.planned.delete(tick.name);
    this.wakeIn(0);
  }

  remove(name: string): void {
    this.scheduled.delete(name);
    clearTimeout(this.coming.get(name));
    this.coming.delete(name);
    this.dueAt.delete(name);
    if (this.scheduled.size === 0 && this.timer) clearTimeout(this.timer);
  }

  /** Looks now, and not only when something is expected to be due. */
  lookNow(): void {
    this.wakeIn(0);
  }

  has(name: string): boolean {
    return this.scheduled.has(name);
  }

  scheduleOf(name: string): Schedule | null {
    return this.scheduled.get(name)?.schedule ?? null;
  }

  /** Machine milliseconds for which a tick is due and nobody has it; null for one that has no schedule. */
  lagMs(name: string): number | null {
    if (!this.has(name)) return null;
    const dueAt = this.dueAt.get(name);
    return dueAt ? Math.max(0, this.time.now().getTime() - dueAt.getTime()) : 0;
  }

  private wakeIn(ms: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = this.scheduled.size > 0 ? setTimeout(() => void this.look(), ms) : null;
  }

  private async look(): Promise<void> {
    this.askedMeanwhile = this.looking;
    if (this.looking) return;
    this.looking = true;
    let pauseMs = AFTER_FAILURE_MS;
    try {
      await this.plan();
      const states = await this.leases.states([...this.scheduled.keys()]);
      pauseMs = this.comeForWhatIsDue(states);
    } catch (error) {
      this.report(error, 'look for ticks that are due');
    } finally {
      this.looking = false;
      this.wakeIn(this.askedMeanwhile ? 0 : pauseMs);
    }
  }

  private async plan(): Promise<void> {
    const isOld = this.time.ageMs === null || this.time.ageMs > MEASURE_EVERY_MS;
    const [any] = this.scheduled.values();
    // by the database's clock, which must be heard first: ours might put a turn off, or have one repeated
    if (isOld && any) await this.planOne(any, FOREVER);
    for (const one of this.scheduled.values()) {
      if (this.planned.has(one.tick.name)) continue;
      await this.planOne(one, one.schedule.after(this.time.now()));
      this.planned.add(one.tick.name);
    }
  }

  private async planOne({ tick, schedule }: Scheduled, latest: Date): Promise<void> {
    const askedAt = this.time.ownNow();
    const told = await this.leases.plan(tick.name, { first: schedule.first(this.time.now()), latest });
    this.time.measure(askedAt, told);
  }

  /** Answers how long to wait for the next look. */
  private comeForWhatIsDue(states: ReadonlyMap<string, JobState>): number {
    const now = this.time.now();
    const due: (Scheduled & { readonly state: JobState })[] = [];
    let pauseMs = LOOK_EVERY_MS;
    for (const one of this.scheduled.values()) {
      const state = states.get(one.tick.name);
      // its row was deleted: it is made anew
      if (state) this.dueAt.set(one.tick.name, state.dueAt);
      if (!state) this.planned.delete(one.tick.name);
      else if (state.dueAt <= now) due.push({ ...one, state });
      else {
        one.tick.looked();
        pauseMs = Math.min(pauseMs, state.dueAt.getTime() - now.getTime());
      }
    }
    const free = due.filter(({ tick }) => !tick.isRunning && !this.coming.has(tick.name));
    shuffled(free, this.random).forEach((one, rank) => this.comeLater(one, rank, now));
    return Math.max(pauseMs, SHORTEST_MS);
  }

  private comeLater(
    { tick, schedule, state }: Scheduled & { state: JobState },
    rank: number,
    now: Date,
  ): void {
    const { name } = tick;
    const interval = schedule.after(now).getTime() - now.getTime();
    const step = Math.min(DEFER_MS, interval / DEFER_PART);
    const others = schedule.sticky && state.owner !== this.owner.name && state.owner !== '';
    const deferMs = (this.holder.turns + rank + this.random()) * step + (others ? STICKY_MS : 0);
    const come = async () => {
      this.coming.delete(name);
      const coming = await tick.runIfDue();
      // after a failure it is looked again in the usual time
      if (coming !== 'failed') this.wakeIn(coming === 'done' ? SHORTEST_MS : AFTER_REFUSAL_MS);
    };
    this.coming.set(
      name,
      setTimeout(() => void come(), deferMs),
    );
  }
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const deck = [...items];
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    [deck[last], deck[pick]] = [deck[pick] as T, deck[last] as T];
  }
  return deck;
}
