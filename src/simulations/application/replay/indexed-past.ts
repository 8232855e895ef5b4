import { type Signal } from '../../../telemetry';
import { RealUses } from './real-uses';
import { type SignalRecord, signalRecords } from './signal-record';
import { type WorkerPast } from './worker-past';

/** What is recorded of one worker, sorted once for all replays of it. */
export class IndexedPast {
  readonly moments: WorkerPast['moments'];
  readonly records: ReadonlyMap<Signal, SignalRecord>;
  readonly uses: RealUses;

  constructor({ moments, intervals }: WorkerPast) {
    this.moments = moments;
    this.records = signalRecords(intervals);
    this.uses = new RealUses(
      moments,
      [...this.records.values()].map(({ intervals: some }) => some),
    );
  }
}
