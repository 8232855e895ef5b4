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

interface UseSpan extends Omit<RealUse, 'at'> {
  readonly from: Date;
  readonly until: Date;
}

/** When a worker was really used, and when it ran. */
export class RealUses {
  /** of each signal, and what people did: one after the other */
  private readonly lists: readonly (readonly UseSpan[])[];
  private readonly halts: readonly Date[];

  constructor({ moments, intervals }: WorkerPast) {
    const seen = new Map<string, UseSpan[]>();
    for (const { signal, value, from, to } of intervals) {
      if (value !== 'active') continue;
      const list = seen.get(signal) ?? [];
      seen.set(signal, list);
      list.push({ from, until: to, what: signal, by: null });
    }
    const acts: UseSpan[] = [];
    const halts: Date[] = [];
    let before: WorkerState | null = null;
    for (const { at, state } of moments) {
      const act = before && actOf(before, state);
      if (act) acts.push({ ...act, from: at, until: at });
      if (before?.status === 'RUNNING' && state.status !== 'RUNNING') halts.push(at);
      before = state;
    }
    this.lists = [...seen.values(), acts];
    this.halts = halts;
  }

  after(time: Date): Aftermath {
    const asked = time.getTime();
    let use: RealUse | null = null;
    for (const list of this.lists) {
      const span = list[firstIndex(list, ({ until }) => until.getTime() >= asked)];
      if (!span) continue;
      const at = span.from.getTime() > asked ? span.from : time;
      if (!use || at.getTime() < use.at.getTime()) use = { at, what: span.what, by: span.by };
    }
    const ranUntil = this.halts[firstIndex(this.halts, (halt) => halt.getTime() >= asked)] ?? null;
    return { use, ranUntil };
  }
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
