import { writeFileSync } from 'node:fs';
import { enact } from './scenarios/enact';
import { planOf } from './scenarios/plan';

it('scenarios', async () => {
  const from = Number(process.env.FROM ?? 1);
  const count = Number(process.env.COUNT ?? 20);
  const t = performance.now();
  let bad = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const s = performance.now();
    const cpu = process.cpuUsage();
    const { harms, story, calls } = await enact(planOf(seed));
    if (process.env.KEEP) writeFileSync(`/tmp/conv-seed-${seed}.txt`, story);
    if (process.env.SHOW) process.stderr.write(`seed ${seed}: ${(performance.now() - s).toFixed(0)} ms, ${calls} calls, cpu ${(process.cpuUsage(cpu).user / 1000).toFixed(0)}\n`);
    if (harms.length > 0) {
      bad += 1;
      writeFileSync(`/tmp/conv-seed-${seed}.txt`, story);
      process.stderr.write(`\nseed ${seed}: ${harms.join('\n   ')}\n`);
    }
  }
  process.stderr.write(`\n${count} scenarios, ${bad} bad, ${(performance.now() - t).toFixed(0)} ms\n`);
}, 1_200_000);
