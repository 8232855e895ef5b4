import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { randomRun } from './plan/random-run';
import { SABOTEURS } from './sabotage/saboteurs';
import { Fleet } from './world/fleet';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    episodes: { type: 'string', default: '10000' },
    story: { type: 'boolean', default: false },
    sabotage: { type: 'string' },
    on: { type: 'boolean', default: false },
    slow: { type: 'boolean', default: false },
  },
});

/** Lives through runs of one seed after the other, until there were so many episodes or one of them did harm. */
async function main(): Promise<void> {
  Logger.overrideLogger(false);
  const wanted = Number(values.episodes);
  let seed = Number(values.seed);
  const sum = { runs: 0, episodes: 0, turns: 0, stops: 0, raced: 0 };
  const begunAt = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  while (sum.episodes < wanted) {
    const fleet = new Fleet(randomRun(seed), { slow: values.slow }, {
      tells: values.story,
      sabotaged: values.sabotage ? SABOTEURS[Number(values.sabotage)]?.by : undefined,
    });
    await fleet.live();
    sum.runs += 1;
    sum.episodes += fleet.episodes;
    sum.turns += fleet.installation.turns;
    sum.stops += fleet.oracle.tally.stops;
    sum.raced += fleet.oracle.tally.raced;
    if (fleet.story.harms.length > 0) {
      if (values.story) console.log(fleet.story.text);
      for (const { harm, at, what } of fleet.story.harms) {
        console.log(`seed ${seed}: ${new Date(at).toISOString()} ${harm}: ${what}`);
      }
      process.exitCode = 1;
      if (!values.on) break;
    }
    seed += 1;
  }
  const seconds = Number(process.hrtime.bigint() - begunAt) / 1e9;
  const cpuSeconds = process.cpuUsage(cpu).user / 1e6 + process.cpuUsage(cpu).system / 1e6;
  console.log(JSON.stringify({ ...sum, seconds, cpuSeconds, rate: sum.episodes / seconds, cpuRate: sum.episodes / cpuSeconds }));
}

void main();
