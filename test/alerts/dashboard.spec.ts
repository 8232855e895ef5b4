import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type MemoryApp, startMemoryApp } from '../support/memory-app';
import { runPromtool } from './promtool';
import { metricsIn, parseScrape, type Scrape } from './scrape';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const dashboard = JSON.parse(read('deploy/grafana/cml-fleet.json')) as {
  panels: Panel[];
  templating: { list: { type: string; query: string; name: string }[] };
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('what is written about the metrics', () => {
  let app: MemoryApp;
  let scrape: Scrape;
  beforeAll(async () => {
    app = await startMemoryApp();
    scrape = parseScrape((await app.admin.get('/metrics')).body as string);
  });
  afterAll(() => app.close());

  it('the dashboard asks for metrics that are there, by expressions that Prometheus reads', () => {
    expect(expressions.length).toBeGreaterThan(30);
    const asked = expressions.flatMap(metricsIn);
    expect(asked.filter((name) => !scrape.declared.has(name))).toEqual([]);
    const rules = expressions.map((expr, at) => ({
      record: `panel:${at}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replace(/\$\w+/g, '.*'),
    }));
    expect(runPromtool(['check', 'rules'], stringify({ groups: [{ name: 'panels', rules }] }))).toContain(
      'SUCCESS',
    );
  });

  it('the dashboard shows every metric of ours', () => {
    const asked = new Set(
      expressions.flatMap(metricsIn).map((name) => name.replace(/_(bucket|sum|count)$/, '')),
    );
    const ours = [...scrape.metrics].filter((name) => name.startsWith('cml_fleet_'));
    expect(ours.filter((name) => !asked.has(name))).toEqual([]);
  });

  it('the dashboard can be imported anywhere: its data source is a variable', () => {
    const sources = panels.flatMap(({ datasource, targets = [] }) => [
      datasource?.uid,
      ...targets.map((target) => target.datasource.uid),
    ]);
    expect(new Set(sources)).toEqual(new Set(['${datasource}']));
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance', 'region']);
  });

  it('the runbook has a line on every metric of ours, and on no other', () => {
    const table = read('docs/operations.md').split('## What to watch')[1]?.split('\n## ')[0] ?? '';
    const told = new Set(table.match(/cml_fleet_\w+/g));
    const ours = [...scrape.metrics].filter((name) => name.startsWith('cml_fleet_'));
    expect([...told].sort()).toEqual(ours.sort());
  });
});
