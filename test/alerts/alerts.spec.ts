import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from '../support/eventually';
import { FleetSteps } from '../support/fleet-steps';
import { type MemoryApp, startMemoryApp } from '../support/memory-app';
import { CAUSES, type Scene } from './causes';
import { type Rule, testsOf } from './episode';
import { RULES, runPromtool } from './promtool';
import { metricsIn, nameOf, parseScrape, type Scrape } from './scrape';

const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const UNIT_TESTS = RULES.replace('.yml', '.test.yml');
const RUNBOOK = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');

const scrapeOf = async (app: MemoryApp): Promise<string> => (await app.admin.get('/metrics')).body as string;

describe('the alert rules', () => {
  it('are those whose causes are known, and no others', () => {
    expect(rules.map(({ alert }) => alert).sort()).toEqual(Object.keys(CAUSES).sort());
  });

  it('are read by Prometheus', () => {
    expect(runPromtool(['check', 'rules'], readFileSync(RULES, 'utf8'))).toContain('SUCCESS');
  });

  it('are each held against series just above their thresholds, and just below', () => {
    const { tests } = parse(readFileSync(UNIT_TESTS, 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const cases = tests.flatMap((test) => test.alert_rule_test);
    const tried = cases.map(({ alertname, exp_alerts }) => `${alertname}: ${exp_alerts.length}`);
    expect(tried.sort()).toEqual(rules.flatMap(({ alert }) => [`${alert}: 0`, `${alert}: 1`]).sort());
    const text = readFileSync(UNIT_TESTS, 'utf8').replace('[alerts.yml]', `[${RULES}]`);
    expect(runPromtool(['test', 'rules'], text)).toContain('SUCCESS');
  });

  it.each(rules)('$alert says how much it matters, and what to do', ({ alert, labels, annotations }) => {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.runbook_url).toBe(`docs/operations.md#alert-${alert.toLowerCase()}`);
    expect(RUNBOOK).toContain(`\n### Alert ${alert}\n`);
  });

  it.each(rules)('$alert fires on its cause, and not before', async (rule) => {
    const cause = CAUSES[rule.alert];
    if (!cause) throw new Error(`nobody knows what makes ${rule.alert} fire`);
    const app = await startMemoryApp(cause.env);
    try {
      const part: Scene['part'] = (token) => app.app.get(token, { strict: false });
      const fleet = new FleetSteps(app);
      const happen = await cause.prepare({ app, fleet, part, scrape: () => scrapeOf(app) });
      const before = await settled(app, fleet);
      const end = await happen();
      const after = parseScrape(await scrapeOf(app));
      await end?.();
      expect([...after.declared]).toEqual(expect.arrayContaining(metricsIn(rule.expr)));
      expect(runPromtool(['test', 'rules'], stringify(testsOf({ rule, before, after }, RULES)))).toContain(
        'SUCCESS',
      );
    } finally {
      await app.close();
    }
  });
});

/** A fleet that is well: its regions were read, and the reaper came. */
async function settled(app: MemoryApp, fleet: FleetSteps): Promise<Scrape> {
  await fleet.minutes(1);
  await fleet.reap();
  await app.admin.get('/api/v1/workers');
  // what stood still while the application started is measured, too, until a scrape
  return eventually(async () => {
    const scrape = parseScrape(await scrapeOf(app));
    expect(lagOf(scrape)).toBeLessThan(0.5);
    return scrape;
  });
}

function lagOf({ values }: Scrape): number | undefined {
  return [...values].find(([series]) => nameOf(series) === 'nodejs_eventloop_lag_p99_seconds')?.[1];
}
