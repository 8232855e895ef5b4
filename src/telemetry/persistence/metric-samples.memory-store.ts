import { type MetricName, METRICS, type MetricSample, type SampledSource } from '../domain/metric-sample';
import { type MetricSteps, type StepRange, summedUp } from '../domain/metric-series';
import { MetricSamples } from '../domain/ports';

/** A week of one each minute. */
const CAPACITY = 7 * 24 * 60;

/** The latest samples of each worker and source; as the ring is full, the oldest make room. */
export class MemoryMetricSamples extends MetricSamples {
  private readonly rings = new Map<string, MetricSample[]>();

  /** @param capacity samples of one worker and source */
  constructor(private readonly capacity = CAPACITY) {
    super();
  }

  save(samples: readonly MetricSample[]): Promise<void> {
    for (const sample of samples) this.put(sample);
    return Promise.resolve();
  }

  steps(workerId: string, names: readonly MetricName[], range: StepRange): Promise<MetricSteps> {
    const of = (name: MetricName) => this.rings.get(keyOf(workerId, METRICS[name].source)) ?? [];
    return Promise.resolve(new Map(names.map((name) => [name, summedUp(of(name), name, range)])));
  }

  private put(sample: MetricSample): void {
    const key = keyOf(sample.workerId, sample.source);
    const ring = this.rings.get(key) ?? [];
    this.rings.set(key, ring);
    // nearly always the end
    const place = ring.findLastIndex(({ at }) => at <= sample.at);
    const known = ring[place];
    if (known?.at.getTime() === sample.at.getTime()) {
      ring[place] = { ...known, values: { ...known.values, ...sample.values } };
      return;
    }
    ring.splice(place + 1, 0, sample);
    if (ring.length > this.capacity) ring.shift();
  }
}

function keyOf(workerId: string, source: SampledSource): string {
  return `${workerId}|${source}`;
}
