import { type SignalInterval } from '../../../telemetry';
import { type WorkerState } from '../../../workers';
import { type WorkerPast } from './worker-past';

/** Somebody really used a worker. */
export interface RealUse {
  readonly at: Date;
  /** a signal that was active, or what somebody did: `start`, `keep-alive`, … */
  readonly what: string;
  /** who, where that is known */
  readonly by: string | null;
}

/** What really followed a time at which a worker would have been stopped. */
export interface Aftermath {
  /** null: nobody used it up to the end */
  readonly use: RealUse | null;
  /** when it really ended to run; null: it ran up to the end */
  readonly ranUntil: Date | null;
}

/** When a worker was really used, and when it ran. */
export class RealUses {
  /** what people did, one after the other */
  private readonly acts: readonly RealUse[];
  /** of each signal that ever was active; the one that was first goes before the others at the same time */
  private readonly lists: readonly (readonly SignalInterval[])[];
  private readonly halts: readonly Date[];

  /** @param signals the intervals of each */
  constructor(moments: WorkerPast['moments'], signals: readonly (readonly SignalInterval[])[]) {
    const acts: RealUse[] = [];
    const halts: Date[] = [];
    let before: WorkerState | null = null;
    for (const { at, state } of moments) {
      const act = before && actOf(before, state);
      if (act) acts.push({ at, ...act });
      if (before?.status === 'RUNNING' && state.status !== 'RUNNING') halts.push(at);
      before = state;
    }
    this.lists = signals
      .map((list) => ({ list, since: firstActive(list, -Infinity)?.from.getTime() ?? Infinity }))
      .filter(({ since }) => since < Infinity)
      .sort((one, other) => one.since - other.since)
      .map(({ list }) => list);
    this.acts = acts;
    this.halts = halts;
  }

  after(time: Date): Aftermath {
    const asked = time.getTime();
    let use: RealUse | null = null;
    for (const intervals of this.lists) {
      const active = firstActive(intervals, asked);
      if (!active) continue;
      const at = active.from.getTime() > asked ? active.from : time;
      if (!use || at.getTime() < use.at.getTime()) use = { at, what: active.signal, by: null };
    }
    const act = this.acts[firstIndex(this.acts, ({ at }) => at.getTime() >= asked)];
    if (act && (!use || act.at.getTime() < use.at.getTime())) use = act;
    const ranUntil = this.halts[firstIndex(this.halts, (halt) => halt.getTime() >= asked)] ?? null;
    return { use, ranUntil };
  }
}

/** The first interval of a signal in which it was active at that time or after it. */
function firstActive(intervals: readonly SignalInterval[], time: number): SignalInterval | undefined {
  const first = firstIndex(intervals, ({ to }) => to.getTime() >= time);
  for (let index = first; index < intervals.length; index += 1)
    if (intervals[index]?.value === 'active') return intervals[index];
  return undefined;
}

/** Of the first item that fits, where all after it do as well; the length where none does. */
function firstIndex<T>(items: readonly T[], fits: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && fits(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What a person did that made the one state of the other. */
function actOf(before: WorkerState, after: WorkerState): Omit<RealUse, 'at'> | null {
  const { desired, lastUse } = after;
  const isNew =
    lastUse && lastUse !== before.lastUse && lastUse.at.getTime() !== before.lastUse?.at.getTime();
  if (isNew) return { what: lastUse.kind, by: lastUse.by };
  // starts of earlier versions are noted as such only
  if (desired === before.desired || desired.state !== 'RUNNING' || desired.by.startsWith('system:'))
    return null;
  return { what: 'start', by: desired.by };
}
