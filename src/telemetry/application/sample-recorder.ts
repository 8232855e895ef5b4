import { Injectable, Logger } from '@nestjs/common';
import { MINUTE } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type MetricSample, samplesOf } from '../domain/metric-sample';
import { type Observation } from '../domain/observation';
import { MetricSamples } from '../domain/ports';

/** So many workers and sources are remembered with the minute of their latest sample; one that is forgotten is sampled again. */
const REMEMBERED = 20_000;

/**
 * Keeps the metrics of readings as samples, of CML at most one for each worker, source and minute, however often it is
 * read: each one is written by bringing it into the document of its hour, whose other samples are written again.
 */
@Injectable()
export class SampleRecorder {
  private readonly logger = new Logger(SampleRecorder.name);

  /** the minute of the latest sample of CML, by worker and source, the longest unchanged first */
  private readonly minutes = new Map<string, number>();

  constructor(private readonly samples: MetricSamples) {}

  /**
   * Those of all readings together, failed ones among them, which give none. Never rejects: samples are only looked at,
   * while decisions rest on what else the caller does with the readings. Samples that could not be stored are a gap.
   */
  async record(readings: readonly Observation[]): Promise<void> {
    const samples = readings.flatMap(samplesOf).filter((sample) => this.isFirst(sample));
    if (samples.length === 0) return;
    try {
      await this.samples.save(samples);
      for (const sample of samples) this.remember(sample);
    } catch (err) {
      const line = { err, samples: samples.length };
      const message = 'metric samples were not stored: their series have a gap';
      if (err instanceof StoreUnavailable) this.logger.warn(line, message);
      else this.logger.error(line, message);
    }
  }

  /** The first that is stored of its minute. Points of CloudWatch are further apart, and may come again corrected. */
  private isFirst(sample: MetricSample): boolean {
    return sample.source === 'cloudwatch' || this.minutes.get(keyOf(sample)) !== minuteOf(sample);
  }

  private remember(sample: MetricSample): void {
    if (sample.source === 'cloudwatch') return;
    const key = keyOf(sample);
    this.minutes.delete(key);
    this.minutes.set(key, minuteOf(sample));
    const [oldest] = this.minutes.keys();
    if (this.minutes.size > REMEMBERED && oldest !== undefined) this.minutes.delete(oldest);
  }
}

function keyOf({ workerId, source }: MetricSample): string {
  return `${workerId}|${source}`;
}

function minuteOf({ at }: MetricSample): number {
  return Math.floor(at.getTime() / MINUTE);
}
