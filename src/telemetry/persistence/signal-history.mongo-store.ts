import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model } from 'mongoose';
import pLimit from 'p-limit';
import { answered } from '../../event-store';
import { SignalHistory } from '../domain/ports';
import { type Signal, SIGNALS, type SignalInterval } from '../domain/signal';
import { putUnlessNewer } from './put-unless-newer';
import { SIGNAL_HISTORY_MODEL, type SignalIntervalDocument } from './signal-history.schema';

/** Four queries each: more would wait for connections, and those that wait for long fail. */
const WORKERS_AT_ONCE = 5;

/** The collection `signal_history`; the database forgets intervals 90 days after their end. */
@Injectable()
export class MongoSignalHistory extends SignalHistory {
  constructor(@InjectModel(SIGNAL_HISTORY_MODEL) private readonly model: Model<SignalIntervalDocument>) {
    super();
  }

  async current(
    workerIds: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<Signal, SignalInterval>>> {
    const limit = pLimit(WORKERS_AT_ONCE);
    const found = await Promise.all(workerIds.map((id) => limit(() => this.latestOf(id))));
    return new Map(workerIds.map((id, index) => [id, found[index] ?? new Map<Signal, SignalInterval>()]));
  }

  save(intervals: readonly SignalInterval[]): Promise<void> {
    const documents = intervals.map(({ workerId, ...rest }) => ({
      _id: `${workerId}|${rest.signal}|${rest.from.getTime()}`,
      worker: workerId,
      ...rest,
    }));
    return putUnlessNewer(this.model, 'to', documents);
  }

  async between(workerId: string, from: Date, to: Date): Promise<SignalInterval[]> {
    const overlapping = { worker: workerId, from: { $lte: to }, to: { $gte: from } };
    const found = await answered(async () =>
      this.model.find(overlapping).sort({ from: 1, signal: 1 }).lean<SignalIntervalDocument[]>(),
    );
    return found.map(toInterval);
  }

  /** One step into the index for each signal, however long the history is; a $group would walk through all of it. */
  private async latestOf(worker: string): Promise<Map<Signal, SignalInterval>> {
    const found = await answered(() =>
      Promise.all(
        SIGNALS.map((signal) =>
          this.model.findOne({ worker, signal }).sort({ from: -1 }).lean<SignalIntervalDocument>(),
        ),
      ),
    );
    const intervals = found.filter((document) => document !== null).map(toInterval);
    return new Map(intervals.map((interval) => [interval.signal, interval]));
  }
}

function toInterval({ _id, worker, ...rest }: SignalIntervalDocument): SignalInterval {
  return { workerId: worker, ...rest };
}
