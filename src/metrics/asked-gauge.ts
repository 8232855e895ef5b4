import { Gauge, type LabelValues } from 'prom-client';
import { type MetricsRegistry } from './metrics-registry';

export interface AskedGaugeOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
}

/** One value of a gauge, with its labels. */
export interface GaugeValue<L extends string> {
  readonly labels?: LabelValues<L>;
  readonly value: number;
}

/**
 * A gauge that is asked at each scrape. What cannot be told has no value then: it is absent, never 0. `read` answers
 * null where it failed, and has told so.
 */
export function askedGauge<L extends string>(
  registry: MetricsRegistry,
  { name, help, labelNames = [] }: AskedGaugeOptions<L>,
  read: () => Promise<readonly GaugeValue<L>[] | null> | readonly GaugeValue<L>[],
): void {
  new Gauge<L>({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const values = await read();
      this.reset();
      // a gauge without labels is 0 after a reset
      if (labelNames.length === 0) this.remove();
      for (const { labels = {}, value } of values ?? []) this.set(labels as LabelValues<L>, value);
    },
  });
}
