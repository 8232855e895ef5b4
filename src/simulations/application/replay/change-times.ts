import { type Calendar, type EffectivePolicy, RECENT_MS } from '../../../reaper';
import { type Signal, type SignalInterval } from '../../../telemetry';
import { turningTimes } from './signal-track';
import { type TickGrid } from './tick-grid';
import { type Span, type WorkerPast } from './worker-past';

export const SIGNALS: readonly Signal[] = ['ec2', 'labs', 'cpu', 'activity', 'sessions'];

/** The turns before which an input of decisions changed, sorted, each once; turns by deadlines are not among them. */
export function changeTimes(
  { moments, intervals }: WorkerPast,
  { policy, calendar }: Pick<EffectivePolicy, 'policy' | 'calendar'>,
  { from, to, grid }: Span & { readonly grid: TickGrid },
): number[] {
  const times: number[] = [];
  for (const { at, state } of moments) {
    times.push(at.getTime());
    const { snooze, protection, lastUse } = state;
    if (snooze) times.push(snooze.until.getTime());
    if (protection?.expiresAt) times.push(protection.expiresAt.getTime());
    if (lastUse) times.push(lastUse.at.getTime() + RECENT_MS);
  }
  for (const some of bySignal(intervals).values())
    for (const time of turningTimes(some, policy)) times.push(time);
  for (const time of calendarChanges(calendar, from, to)) times.push(time);
  const [begin, end] = [from.getTime(), to.getTime()];
  const turns = new Float64Array(times.length);
  let count = 0;
  for (const time of times) if (time > begin && time <= end) turns[count++] = grid.atOrAfter(time);
  const sorted = turns.subarray(0, count).sort();
  return Array.from(sorted).filter((turn, index) => turn !== sorted[index - 1]);
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
