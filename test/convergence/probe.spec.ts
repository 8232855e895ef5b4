import { writeFileSync } from 'node:fs';
import { runBlock } from './matrix/block';
import { FAULTS } from './matrix/faults';
import { STEPS } from './matrix/steps';

const typical = FAULTS.filter((fault) => fault.typical);
const only = process.env.STEP;
const times = Number(process.env.TIMES ?? 1);
const companies = [null, 'slow', 'clock'] as const;
it.each(STEPS.filter(({ name }) => !only || name === only).flatMap((step) => companies.map((company) => [step.name, company ?? 'all', step, company] as const)))('%s %s', async (name, _c, step, company) => {
  const t = performance.now();
  const faults = typical.filter((f) => f.company === company);
  const { outcomes, story } = await runBlock(step, faults, times > 0 ? { times } : { hours: 3 });
  const bad = outcomes.filter(({ wrong }) => wrong.length > 0);
  const lines = outcomes.map(({ case: it }) => `${it.title}: ${it.minutes?.toFixed(1)} min, ${it.calls} calls, asked again ${it.askedAgain}`);
  process.stderr.write(`\n== ${name} ${company} ${outcomes.length} cases ${(performance.now() - t).toFixed(0)} ms\n${process.env.SHOW ? lines.join('\n') : ''}\n` + bad.slice(0,8).map((b) => `${b.case.title} [${b.case.workerId}]: ${b.wrong.join(' | ')}`).join('\n'));
  writeFileSync(`/tmp/conv-${name.replaceAll(' ', '-')}-${company}.txt`, story);
  expect(bad).toHaveLength(0);
}, 600_000);
