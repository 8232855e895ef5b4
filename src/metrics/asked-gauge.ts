import { Gauge, type LabelValues } from 'prom-client';
import { SECOND } from '../kernel/clocks';
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

/** Machine milliseconds: a scrape has ten seconds, and must tell the rest while the database hangs. */
const PATIENCE = 2 * SECOND;

/** What a reading answers, or something else where it takes too long; it goes on, and nobody waits for it. */
export async function unlessLate<T, L>(reading: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), PATIENCE);
  });
  return Promise.race([reading, over]).finally(() => clearTimeout(timer));
}

/**
 * A gauge that is asked at each scrape. What cannot be told, or not in time, has no value then: it is absent, never 0. `read` answers
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
      const values = await unlessLate(Promise.resolve(read()), null);
      this.reset();
      // a gauge without labels is 0 after a reset
      if (labelNames.length === 0) this.remove();
      for (const { labels = {}, value } of values ?? []) this.set(labels as LabelValues<L>, value);
    },
  });
}
