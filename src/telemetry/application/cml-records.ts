import { Injectable } from '@nestjs/common';
import { CML_SOURCES } from '../domain/cml-source';
import { type Observation, type Observations } from '../domain/observation';
import { ObservationStore } from '../domain/ports';
import { type SignalReading } from '../domain/signal';
import { Gathered } from './gathered';
import { SampleRecorder } from './sample-recorder';
import { SignalRecorder } from './signal-recorder';

/** Servers whose readings go to the database together; more would make a slow database slower than a call may take. */
const AT_ONCE = 25;

/** What is known of CML servers by their own sources: many are read side by side, and their loads and saves are joined. */
@Injectable()
export class CmlRecords {
  private readonly loads: Gathered<string, Observations>;
  private readonly saves: Gathered<readonly Observation[], undefined>;
  private readonly metrics: Gathered<readonly Observation[], undefined>;
  private readonly turns: Gathered<readonly SignalReading[], boolean>;

  constructor(observations: ObservationStore, samples: SampleRecorder, signals: SignalRecorder) {
    this.loads = new Gathered(async (ids) => {
      const found = await observations.ofMany(ids, CML_SOURCES);
      return ids.map((id) => found.get(id) ?? {});
    }, AT_ONCE);
    this.saves = new Gathered(async (readings) => {
      await observations.save(readings.flat());
      return readings.map(() => undefined);
    }, AT_ONCE);
    this.metrics = new Gathered(async (readings) => {
      await samples.record(readings.flat());
      return readings.map(() => undefined);
    }, AT_ONCE);
    this.turns = new Gathered(async (readings) => {
      const turned = await signals.record(readings.flat());
      return readings.map((some) => some.some(({ workerId }) => turned.has(workerId)));
    }, AT_ONCE);
  }

  /** @throws StoreUnavailable */
  of(workerId: string): Promise<Observations> {
    return this.loads.submit(workerId);
  }

  /** @throws StoreUnavailable */
  async save(readings: readonly Observation[]): Promise<void> {
    await this.saves.submit(readings);
  }

  /** Keeps their metrics as samples, which are only looked at: to be done after what decides. */
  async sample(readings: readonly Observation[]): Promise<void> {
    await this.metrics.submit(readings);
  }

  /** Answers whether one of these signals of a worker turned. @throws StoreUnavailable */
  record(signals: readonly SignalReading[]): Promise<boolean> {
    return signals.length > 0 ? this.turns.submit(signals) : Promise.resolve(false);
  }
}
