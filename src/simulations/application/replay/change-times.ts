import { type Calendar, RECENT_MS } from '../../../reaper';
import { type Signal } from '../../../telemetry';
import { type WorkerState } from '../../../workers';
import { addTurningTimes } from './signal-track';
import { type TickGrid } from './tick-grid';
import { type IndexedPast } from './indexed-past';
import { type WorkerPast } from './worker-past';
import { type ReplayTerms } from './replay-terms';

export const SIGNALS: readonly Signal[] = ['ec2', 'labs', 'cpu', 'activity', 'sessions'];

/** Sorted, each once. */
export interface ChangeTurns {
  /** before which an input of decisions changed that is no reading; turns by deadlines are not among them */
  readonly changes: readonly number[];
  /** before which what is read changed, or grew too old */
  readonly readings: readonly number[];
  /** before which an idle signal was confirmed by its second reading */
  readonly confirmations: readonly number[];
}

/** The turns at which decisions may be others than at those before, by what is recorded. */
export function changeTurns(
  { moments, records }: IndexedPast,
  { effective: { policy, calendar }, grid, from, to }: Omit<ReplayTerms, 'plans'>,
): ChangeTurns {
  const readings = { changes: [], confirmations: [] };
  const changes = [...calendarChanges(calendar, from, to)];
  addMoments(changes, readings.changes, moments);
  for (const record of records.values()) addTurningTimes(readings, record, policy);
  const turnsOf = (all: readonly number[]) => turnsAfter(all, grid, from.getTime(), to.getTime());
  return {
    changes: turnsOf(changes),
    readings: turnsOf(readings.changes),
    confirmations: turnsOf(readings.confirmations),
  };
}

/** Most of what is stored of a worker tells what was read of it. */
function addMoments(changes: number[], readings: number[], moments: WorkerPast['moments']): void {
  let before: WorkerState | null = null;
  for (const { at, state } of moments) {
    const times = before && isSameButForReadings(before, state) ? readings : changes;
    times.push(at.getTime());
    if (times === changes) addEnds(changes, state);
    before = state;
  }
}

/** When what somebody did is over. */
function addEnds(times: number[], { snooze, protection, lastUse }: WorkerState): void {
  if (snooze) times.push(snooze.until.getTime());
  if (protection?.expiresAt) times.push(protection.expiresAt.getTime());
  if (lastUse) times.push(lastUse.at.getTime() + RECENT_MS);
}

/** What decisions ask of a worker itself is the same object in each of its states, until an event changes it. */
function isSameButForReadings(one: WorkerState, other: WorkerState): boolean {
  return (
    one.status === other.status &&
    one.desired === other.desired &&
    one.snooze === other.snooze &&
    one.protection === other.protection &&
    one.plannedStop === other.plannedStop &&
    one.lastUse === other.lastUse &&
    one.runningSince === other.runningSince
  );
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

const knownChanges = new WeakMap<Calendar, { readonly key: string; readonly changes: readonly number[] }>();

/** Many workers share a calendar, and are replayed over the same time. */
function calendarChanges(calendar: Calendar, from: Date, to: Date): readonly number[] {
  const key = `${from.getTime()}|${to.getTime()}`;
  const cached = knownChanges.get(calendar);
  if (cached?.key === key) return cached.changes;
  const changes: number[] = [];
  for (let at = calendar.nextChange(from); at && at <= to; at = calendar.nextChange(at))
    changes.push(at.getTime());
  knownChanges.set(calendar, { key, changes });
  return changes;
}
