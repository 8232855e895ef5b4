import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model } from 'mongoose';
import { answered } from '../../event-store';
import { type Prolongation, SignalHistory } from '../domain/ports';
import { type Signal, SIGNALS, type SignalInterval } from '../domain/signal';
import { changeAlike, grouped } from './change-alike';
import { putUnlessNewer } from './put-unless-newer';
import { SIGNAL_HISTORY_MODEL, type SignalIntervalDocument } from './signal-history.schema';

/** Keys in one query. */
const KEYS_AT_ONCE = 5_000;

/**
 * The collection `signal_history`; the database forgets intervals 90 days after their end. The one that a signal is in
 * carries the signal's key, so that those of many workers are found by one query, however long their history is. The
 * key is taken from an interval after the next one is stored; should two have it, the later one counts.
 */
@Injectable()
export class MongoSignalHistory extends SignalHistory {
  constructor(@InjectModel(SIGNAL_HISTORY_MODEL) private readonly model: Model<SignalIntervalDocument>) {
    super();
  }

  async current(
    workerIds: readonly string[],
    signals: readonly Signal[] = SIGNALS,
  ): Promise<ReadonlyMap<string, ReadonlyMap<Signal, SignalInterval>>> {
    const byWorker = new Map(workerIds.map((id) => [id, new Map<Signal, SignalInterval>()]));
    const keys = workerIds.flatMap((id) => signals.map((signal) => keyOf(id, signal)));
    for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
      const filter = { current: { $in: keys.slice(from, from + KEYS_AT_ONCE) } };
      const found = await answered(async () => this.model.find(filter).lean<SignalIntervalDocument[]>());
      for (const interval of found.map(toInterval)) {
        const intervals = byWorker.get(interval.workerId);
        const other = intervals?.get(interval.signal);
        if (!other || other.from < interval.from) intervals?.set(interval.signal, interval);
      }
    }
    return byWorker;
  }

  async save(intervals: readonly SignalInterval[]): Promise<void> {
    const documents = intervals.map(({ workerId, ...rest }) => ({
      _id: idOf({ workerId, ...rest }),
      worker: workerId,
      current: keyOf(workerId, rest.signal),
      ...rest,
    }));
    await putUnlessNewer(this.model, 'to', documents);
    await this.end(intervals.filter(({ readings }) => readings === 1));
  }

  async prolong(again: readonly Prolongation[]): Promise<void> {
    const alike = grouped(again, likenessOf);
    const others: SignalInterval[] = [];
    for (const group of alike) {
      const [first] = group;
      if (!first) continue;
      const ids = group.map(({ after }) => idOf(after));
      const change = { expected: first.before.to, update: oneMore(first) };
      if (await changeAlike(this.model, 'to', ids, change)) continue;
      others.push(...group.map(({ after }) => after));
    }
    await this.save(others);
  }

  async between(workerId: string, from: Date, to: Date): Promise<SignalInterval[]> {
    const overlapping = { worker: workerId, from: { $lte: to }, to: { $gte: from } };
    const found = await answered(async () =>
      this.model.find(overlapping).sort({ from: 1, signal: 1 }).lean<SignalIntervalDocument[]>(),
    );
    return found.map(toInterval);
  }

  /** The intervals before these are over. */
  private async end(begun: readonly SignalInterval[]): Promise<void> {
    if (begun.length === 0) return;
    const operations = grouped(begun, ({ from }) => String(from.getTime())).map((group) => {
      const current = { $in: group.map(({ workerId, signal }) => keyOf(workerId, signal)) };
      const filter = { current, from: { $lt: group[0]?.from } };
      return { updateMany: { filter, update: { $unset: { current: 1 } } } };
    });
    // the driver's types know nothing of a generic document
    await answered(() => this.model.collection.bulkWrite(operations as never[], { ordered: false }));
  }
}

function keyOf(workerId: string, signal: Signal): string {
  return `${workerId}|${signal}`;
}

function idOf({ workerId, signal, from }: SignalInterval): string {
  return `${workerId}|${signal}|${from.getTime()}`;
}

/** Those of one likeness are changed by the same statement. */
function likenessOf({ before, after }: Prolongation): string {
  return [before.to.getTime(), after.to.getTime(), JSON.stringify(noteOf(before, after))].join('|');
}

/** What the reading adds to the trail. */
function noteOf(before: SignalInterval, after: SignalInterval) {
  const gap = after.trail?.gaps.slice(before.trail?.gaps.length ?? 0)[0] ?? null;
  const confirmedAt = before.trail?.confirmedAt ? null : (after.trail?.confirmedAt ?? null);
  return { gap, confirmedAt };
}

function oneMore({ before, after }: Prolongation) {
  const longest = after.to.getTime() - before.to.getTime();
  const { gap, confirmedAt } = noteOf(before, after);
  return {
    $set: { to: after.to, ...(confirmedAt && { 'trail.confirmedAt': confirmedAt }) },
    $inc: { readings: 1 },
    $max: { longestGapMs: longest },
    ...(gap && { $push: { 'trail.gaps': gap } }),
  };
}

function toInterval({ _id, current: _current, worker, ...rest }: SignalIntervalDocument): SignalInterval {
  return { workerId: worker, ...rest };
}
