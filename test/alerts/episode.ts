import { nameOf, metricsIn, type Scrape } from './scrape';

/** An alert rule, as it stands in the file. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Two scrapes of one application: before something happened, and after. */
export interface Episode {
  readonly rule: Rule;
  readonly before: Scrape;
  readonly after: Scrape;
}

/** Minutes that a range in an expression needs, and more. */
const SETTLED = 90;

/**
 * A test for promtool: while all is as before, the rule is silent; when each minute is as the one between the two scrapes
 * (gauges stand as they were after it, counters go on as they did in it), it fires.
 */
export function testsOf({ rule, before, after }: Episode, rulesFile: string): object {
  const minutes = minutesOf(rule.for) + SETTLED;
  const firing = `group by (alertname) (ALERTS{alertname="${rule.alert}",alertstate="firing"})`;
  const one = (name: string, from: Scrape, to: Scrape, fires: boolean) => ({
    name,
    interval: '1m',
    input_series: seriesOf(rule, from, to, minutes),
    promql_expr_test: [
      {
        expr: firing,
        eval_time: `${minutes}m`,
        exp_samples: fires ? [{ labels: `{alertname="${rule.alert}"}`, value: 1 }] : [],
      },
    ],
  });
  return {
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: [
      one(`${rule.alert}: before its cause`, before, before, false),
      one(`${rule.alert}: on its cause`, before, after, true),
    ],
  };
}

export function minutesOf(duration = '0m'): number {
  const [, count, unit] = /^(\d+)([mh])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'h' ? 60 : 1);
}

/** Those that the rule asks for. */
function seriesOf({ expr }: Rule, from: Scrape, to: Scrape, minutes: number) {
  const asked = new Set(metricsIn(expr));
  return [...to.values].flatMap(([series, value]) => {
    const name = nameOf(series);
    if (!asked.has(name) || Number.isNaN(value)) return [];
    const earlier = from.values.get(series) ?? 0;
    const step = to.counters.has(name) ? value - earlier : 0;
    const first = to.counters.has(name) ? earlier : value;
    return [{ series, values: `${plain(first)}+${plain(step)}x${minutes}` }];
  });
}

/** Without an exponent, which promtool does not read. */
function plain(value: number): string {
  return value.toFixed(9).replace(/[.]?0+$/, '');
}
