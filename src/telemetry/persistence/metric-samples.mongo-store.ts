import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model } from 'mongoose';
import { answered } from '../../event-store';
import { type MetricName, METRICS, type MetricSample } from '../domain/metric-sample';
import { type MetricStep, type MetricSteps, type StepRange } from '../domain/metric-series';
import { MetricSamples } from '../domain/ports';
import { grouped } from './change-alike';
import {
  hourId,
  mergeSamples,
  type SamplesOfHour,
  type SummedStep,
  sumUpSteps,
} from './metric-samples.pipelines';
import { METRIC_HOUR_MODEL, type MetricHourDocument } from './metric-samples.schema';

/** Documents in one bulk write, so that each is answered in time. */
const AT_ONCE = 1_000;

/**
 * The collection `worker_metrics`: one document per worker, source and hour, found by its `_id` alone; the database
 * forgets them. Mongoose refuses updates by pipelines, so all of this is the driver's own.
 */
@Injectable()
export class MongoMetricSamples extends MetricSamples {
  constructor(@InjectModel(METRIC_HOUR_MODEL) private readonly model: Model<MetricHourDocument>) {
    super();
  }

  async save(samples: readonly MetricSample[]): Promise<void> {
    const hours = grouped(samples, idOf) as unknown as SamplesOfHour[];
    for (let from = 0; from < hours.length; from += AT_ONCE) {
      await this.merge(hours.slice(from, from + AT_ONCE));
    }
  }

  async steps(workerId: string, names: readonly MetricName[], range: StepRange): Promise<MetricSteps> {
    if (range.count === 0) return new Map(names.map((name) => [name, []]));
    const sources = [...new Set(names.map((name) => METRICS[name].source))];
    const found = await Promise.all(
      sources.map(async (source) => {
        const ofSource = names.filter((name) => METRICS[name].source === source);
        const pipeline = sumUpSteps(workerId, source, ofSource, range);
        const rows = await answered(() => this.model.collection.aggregate<SummedStep>(pipeline).toArray());
        return ofSource.map((name): [MetricName, MetricStep[]] => [name, toSteps(name, rows)]);
      }),
    );
    return new Map(found.flat());
  }

  /**
   * Upserts by `_id` alone do not fail where another process inserts the same one at that moment: MongoDB tries them
   * again as an update (SERVER-37124), and so does DocumentDB (12,000 that raced, tried).
   */
  private async merge(hours: readonly SamplesOfHour[]): Promise<void> {
    const operations = hours.map((samples) => ({
      updateOne: { filter: { _id: idOf(samples[0]) }, update: mergeSamples(samples), upsert: true },
    }));
    // the driver's types expect ids of its own kind
    await answered(() => this.model.collection.bulkWrite(operations as never[], { ordered: false }));
  }
}

function idOf({ workerId, source, at }: MetricSample): string {
  return hourId(workerId, source, at);
}

function toSteps(name: MetricName, rows: readonly SummedStep[]): MetricStep[] {
  return rows.flatMap((row) => {
    const [sum, count, minimum, maximum] = ['Sum', 'Count', 'Min', 'Max'].map(
      (part) => row[name + part] ?? null,
    );
    if (sum == null || !count || minimum == null || maximum == null) return [];
    return [{ at: new Date(row._id), average: sum / count, minimum, maximum }];
  });
}
