import { MINUTE } from '../../../kernel/clocks';
import { type StopBudget } from '../../../reaper';
import { type BreakerOpening } from '../../domain/simulation-result';
import { type RunningCount } from './running-count';
import { type DueWorker } from './due-worker';

export interface LedgerScope {
  readonly name: string;
  readonly budget: StopBudget;
  readonly covers: (worker: DueWorker) => boolean;
}

interface Take {
  readonly at: number;
  readonly worker: DueWorker;
}

/** The breaker looks at more than so many stops. */
const BREAKER_FROM = 10;
/** Takes that are older than any budget's window looks back. */
const FORGOTTEN_MS = 8 * 24 * 60 * MINUTE;

/** The stops of a simulation, in the order of time, and what room the budgets have left. */
export class StopLedger {
  readonly openings: BreakerOpening[] = [];
  private takes: Take[] = [];
  private breakerFrom = -Infinity;
  private known: { readonly at: number; readonly full: Map<string, boolean> } = { at: -1, full: new Map() };
  private readonly windows = new Set<number>();

  constructor(
    private readonly running: RunningCount,
    private readonly breakerWindowMinutes: number,
  ) {}

  /** The first of the scopes that has no room now; null: all have. */
  fullFor(scopes: readonly LedgerScope[], now: Date): string | null {
    if (this.known.at !== now.getTime()) this.known = { at: now.getTime(), full: new Map() };
    return scopes.find((scope) => this.isFull(scope, now))?.name ?? null;
  }

  take(worker: DueWorker, now: Date): void {
    const at = now.getTime();
    this.known.full.clear();
    this.takes.push({ at, worker });
    if (at - (this.takes[0]?.at ?? at) > 2 * FORGOTTEN_MS) {
      this.takes = this.takes.filter((take) => take.at > at - FORGOTTEN_MS);
    }
    this.lookAtBreaker(now);
  }

  /** When the oldest stop leaves the window of any budget. Milliseconds since 1970. */
  nextFreeAt(now: Date): number {
    let next = Infinity;
    for (const minutes of this.windows) {
      const oldest = this.within(minutes, now)[0];
      if (oldest) next = Math.min(next, oldest.at + minutes * MINUTE);
    }
    return next;
  }

  private isFull({ name, budget, covers }: LedgerScope, now: Date): boolean {
    const known = this.known.full.get(name);
    if (known !== undefined) return known;
    const { stops, sharePercent, windowMinutes } = budget;
    this.windows.add(windowMinutes);
    const taken = this.within(windowMinutes, now)
      .map(({ worker }) => worker)
      .filter(covers);
    const ran = sharePercent === null ? 0 : this.running.count(covers, taken);
    const share = sharePercent === null ? Infinity : Math.max(1, Math.ceil((ran * sharePercent) / 100));
    const full = taken.length >= Math.min(stops ?? Infinity, share);
    this.known.full.set(name, full);
    return full;
  }

  private lookAtBreaker(now: Date): void {
    const lately = this.within(this.breakerWindowMinutes, now).filter(({ at }) => at > this.breakerFrom);
    if (lately.length <= BREAKER_FROM) return;
    const stopped = lately.map(({ worker }) => worker);
    const running = this.running.count(() => true, stopped);
    if (lately.length * 2 <= running) return;
    this.openings.push({ at: now, stops: lately.length, running });
    this.breakerFrom = now.getTime();
  }

  private within(minutes: number, now: Date): readonly Take[] {
    const after = now.getTime() - minutes * MINUTE;
    let first = this.takes.length;
    while ((this.takes[first - 1]?.at ?? -Infinity) > after) first -= 1;
    return this.takes.slice(first);
  }
}
