/** One scrape: the value of each series, by its name and labels as Prometheus would store them. */
export interface Scrape {
  readonly values: ReadonlyMap<string, number>;
  /** names of counters, the parts of histograms included; everything else may fall as well as rise */
  readonly counters: ReadonlySet<string>;
  /** names of all metrics, those without a value and the parts of histograms included */
  readonly declared: ReadonlySet<string>;
  /** names as they are declared: a histogram is one */
  readonly metrics: ReadonlySet<string>;
}

const LINE = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$/;

/** The text format, with the labels that Prometheus adds. */
export function parseScrape(text: string): Scrape {
  const values = new Map<string, number>();
  const counters = new Set<string>();
  const declared = new Set(['up']);
  const metrics = new Set<string>();
  for (const line of text.split('\n')) {
    const [, typed = '', type] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? [];
    if (type !== undefined) metrics.add(typed);
    const parts = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    if (type !== undefined) for (const part of parts) declared.add(typed + part);
    if (type === 'counter') counters.add(typed);
    if (type === 'histogram') for (const part of parts) counters.add(typed + part);
    const [, name, labels = '{}', value] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const own = labels.slice(1, -1);
    values.set(`${name}{${own}${own === '' ? '' : ','}${OWN_LABELS}}`, Number(value));
  }
  values.set(`up{${OWN_LABELS}}`, 1);
  return { values, counters, declared, metrics };
}

const OWN_LABELS = 'instance="one:3000",job="cml-fleet"';

export function nameOf(series: string): string {
  return series.slice(0, series.indexOf('{'));
}

const WORDS = new Set(
  'by without on ignoring group_left group_right and or unless bool offset le inf nan'.split(' '),
);

/** Names of metrics in an expression of PromQL. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/"(\\.|[^"\\])*"/g, '""')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = bare.match(/[a-zA-Z_:][\w:]*(?![\w:]*\s*\()/g) ?? [];
  return [...new Set(names.filter((name) => !WORDS.has(name)))];
}
