import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { SABOTEURS } from './sabotage/saboteurs';
import { trialOf } from './trial';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    episodes: { type: 'string', default: '1000000' },
    /** tells the whole story of each run */
    story: { type: 'boolean', default: false },
    /** each minute and each reading by itself */
    slow: { type: 'boolean', default: false },
    /** number of a saboteur, from 0 */
    sabotage: { type: 'string' },
    /** goes on after a harm */
    on: { type: 'boolean', default: false },
  },
});

const PROGRESS_EVERY = 50_000;

/** Lives through the runs of one seed after the other, until there were so many episodes, or one did harm. */
async function main(): Promise<void> {
  const wanted = Number(values.episodes);
  const sum = {
    episodes: 0,
    runs: 0,
    turns: 0,
    stops: 0,
    byMaxUptime: 0,
    bySchedule: 0,
    raced: 0,
    longestRaceMs: 0,
  };
  const begunAt = performance.now();
  const rate = () => Math.round(sum.episodes / ((performance.now() - begunAt) / 1_000));
  let toldAt = 0;
  let seed = Number(values.seed);
  for (; sum.episodes < wanted; seed += 1) {
    const sabotaged = values.sabotage === undefined ? undefined : SABOTEURS[Number(values.sabotage)]?.by;
    const { fleet, harms, episodes } = await trialOf(seed, {
      slow: values.slow,
      tells: values.story,
      sabotaged,
    });
    const { tally } = fleet.oracle;
    sum.episodes += episodes;
    sum.runs += 1;
    sum.turns += fleet.installation.turns;
    sum.stops += tally.stops;
    sum.byMaxUptime += tally.byMaxUptime;
    sum.bySchedule += tally.bySchedule;
    sum.raced += tally.raced;
    sum.longestRaceMs = Math.max(sum.longestRaceMs, tally.longestRaceMs);
    if (values.story) console.log(fleet.story.text);
    if (sum.episodes - toldAt >= PROGRESS_EVERY) {
      toldAt = sum.episodes;
      console.log(`${sum.episodes} episodes, ${rate()} a second, up to seed ${seed}`);
    }
    if (harms.length === 0) continue;
    console.log(harms.join('\n'));
    console.log(
      `It is lived through again by: npm run test:simulation -- --seed ${seed} --episodes 1 --story`,
    );
    process.exitCode = 1;
    if (!values.on) break;
  }
  const { user, system } = process.cpuUsage();
  const cpuRate = Math.round(sum.episodes / ((user + system) / 1e6));
  console.log({
    ...sum,
    seeds: `${values.seed} to ${seed - 1}`,
    episodesPerSecond: rate(),
    perCpuSecond: cpuRate,
  });
}

void main();
