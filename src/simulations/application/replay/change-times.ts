import { type Calendar, RECENT_MS } from '../../../reaper';
import { type Signal, type SignalInterval } from '../../../telemetry';
import { addTurningTimes } from './signal-track';
import { type TickGrid } from './tick-grid';
import { type WorkerPast } from './worker-past';
import { type ReplayTerms } from './replay-terms';

export const SIGNALS: readonly Signal[] = ['ec2', 'labs', 'cpu', 'activity', 'sessions'];

/** Sorted, each once. */
export interface ChangeTurns {
  /** before which an input of decisions changed; turns by deadlines are not among them */
  readonly changes: readonly number[];
  /** before which an idle signal was confirmed by its second reading */
  readonly confirmations: readonly number[];
}

/** The turns at which decisions may be others than at those before, by what is recorded. */
export function changeTurns(
  moments: WorkerPast['moments'],
  bySignals: ReadonlyMap<Signal, readonly SignalInterval[]>,
  { effective: { policy, calendar }, grid, from, to }: ReplayTerms,
): ChangeTurns {
  const times = { changes: calendarChanges(calendar, from, to).slice(), confirmations: [] };
  addMoments(times.changes, moments);
  for (const some of bySignals.values()) addTurningTimes(times, some, policy);
  const turnsOf = (all: readonly number[]) => turnsAfter(all, grid, from.getTime(), to.getTime());
  return { changes: turnsOf(times.changes), confirmations: turnsOf(times.confirmations) };
}

function addMoments(times: number[], moments: WorkerPast['moments']): void {
  for (const { at, state } of moments) {
    times.push(at.getTime());
    const { snooze, protection, lastUse } = state;
    if (snooze) times.push(snooze.until.getTime());
    if (protection?.expiresAt) times.push(protection.expiresAt.getTime());
    if (lastUse) times.push(lastUse.at.getTime() + RECENT_MS);
  }
}

function turnsAfter(times: readonly number[], grid: TickGrid, begin: number, end: number): number[] {
  const turns = new Float64Array(times.length);
  let count = 0;
  for (const time of times) if (time > begin && time <= end) turns[count++] = grid.atOrAfter(time);
  const once: number[] = [];
  let latest = NaN;
  for (const turn of turns.subarray(0, count).sort()) {
    if (turn !== latest) once.push(turn);
    latest = turn;
  }
  return once;
}

export function bySignal(intervals: readonly SignalInterval[]): ReadonlyMap<Signal, SignalInterval[]> {
  const grouped = new Map<Signal, SignalInterval[]>();
  for (const interval of intervals) {
    const group = grouped.get(interval.signal);
    if (group) group.push(interval);
    else grouped.set(interval.signal, [interval]);
  }
  return grouped;
}

const known = new WeakMap<Calendar, { readonly key: string; readonly changes: readonly number[] }>();

/** Many workers share a calendar, and are replayed over the same time. */
function calendarChanges(calendar: Calendar, from: Date, to: Date): readonly number[] {
  const key = `${from.getTime()}|${to.getTime()}`;
  const cached = known.get(calendar);
  if (cached?.key === key) return cached.changes;
  const changes: number[] = [];
  for (let at = calendar.nextChange(from); at && at <= to; at = calendar.nextChange(at))
    changes.push(at.getTime());
  known.set(calendar, { key, changes });
  return changes;
}
