import { type Prolongation, SignalHistory } from '../domain/ports';
import { type Signal, SIGNALS, type SignalInterval } from '../domain/signal';

/** Intervals of one process, for as long as it lives. */
export class MemorySignalHistory extends SignalHistory {
  private readonly byWorker = new Map<string, SignalInterval[]>();

  current(
    workerIds: readonly string[],
    signals: readonly Signal[] = SIGNALS,
  ): Promise<ReadonlyMap<string, ReadonlyMap<Signal, SignalInterval>>> {
    const latest = (id: string) => {
      const known = this.byWorker.get(id) ?? [];
      const oldestFirst = known.filter(({ signal }) => signals.includes(signal)).sort(byFrom);
      return new Map(oldestFirst.map((interval) => [interval.signal, interval]));
    };
    return Promise.resolve(new Map(workerIds.map((id) => [id, latest(id)])));
  }

  save(intervals: readonly SignalInterval[]): Promise<void> {
    for (const interval of intervals) {
      const present = this.byWorker.get(interval.workerId) ?? [];
      const same = present.find((other) => isSame(other, interval));
      if (same && same.to > interval.to) continue;
      this.byWorker.set(interval.workerId, [...present.filter((other) => other !== same), interval]);
    }
    return Promise.resolve();
  }

  prolong(again: readonly Prolongation[]): Promise<void> {
    return this.save(again.map(({ after }) => after));
  }

  between(workerId: string, from: Date, to: Date): Promise<SignalInterval[]> {
    const overlapping = (this.byWorker.get(workerId) ?? []).filter(
      (interval) => interval.from <= to && interval.to >= from,
    );
    return Promise.resolve(overlapping.sort(byFrom));
  }
}

function isSame(one: SignalInterval, other: SignalInterval): boolean {
  return one.signal === other.signal && one.from.getTime() === other.from.getTime();
}

function byFrom(one: SignalInterval, other: SignalInterval): number {
  return one.from.getTime() - other.from.getTime() || (one.signal < other.signal ? -1 : 1);
}
