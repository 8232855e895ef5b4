import { Injectable, Logger } from '@nestjs/common';
import { StoreUnavailable } from '../../kernel/domain-error';
import { samplesOf } from '../domain/metric-sample';
import { type Observation } from '../domain/observation';
import { MetricSamples } from '../domain/ports';

/** Keeps the metrics of readings as samples. */
@Injectable()
export class SampleRecorder {
  private readonly logger = new Logger(SampleRecorder.name);

  constructor(private readonly samples: MetricSamples) {}

  /**
   * Those of all readings together, failed ones among them, which give none. Never rejects: samples are only looked at,
   * while decisions rest on what else the caller does with the readings. Samples that could not be stored are a gap.
   */
  async record(readings: readonly Observation[]): Promise<void> {
    const samples = readings.flatMap(samplesOf);
    if (samples.length === 0) return;
    try {
      await this.samples.save(samples);
    } catch (err) {
      const line = { err, samples: samples.length };
      const message = 'metric samples were not stored: their series have a gap';
      if (err instanceof StoreUnavailable) this.logger.warn(line, message);
      else this.logger.error(line, message);
    }
  }
}
