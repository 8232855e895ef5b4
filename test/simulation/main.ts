import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Lived, type Share, type Told } from './share';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    episodes: { type: 'string', default: '1000000' },
    /** processes that share the seeds */
    workers: { type: 'string', default: '1' },
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
/** A run leaves much behind it that nobody needs: with more room for it less is looked through (megabytes). */
const YOUNG_ROOM = 32;

/** What all processes lived through together. */
class Sum {
  private readonly all: Lived = {
    ...{
      episodes: 0,
      runs: 0,
      turns: 0,
      stops: 0,
      byMaxUptime: 0,
      bySchedule: 0,
      invisible: 0,
      raced: 0,
      longestRaceMs: 0,
    },
  };
  private readonly begunAt = performance.now();
  private cpuSeconds = 0;
  private toldAt = 0;
  private lastSeed = 0;

  add({ seed, lived, cpuSeconds }: Told): void {
    const { all } = this;
    const longestRaceMs = Math.max(all.longestRaceMs, lived.longestRaceMs);
    for (const what of Object.keys(all) as (keyof Lived)[]) all[what] += lived[what];
    all.longestRaceMs = longestRaceMs;
    this.cpuSeconds += cpuSeconds ?? 0;
    this.lastSeed = Math.max(this.lastSeed, seed);
    if (all.episodes - this.toldAt < PROGRESS_EVERY) return;
    this.toldAt = all.episodes;
    console.log(`${all.episodes} episodes, ${this.rate} a second, up to seed ${this.lastSeed}`);
  }

  private get rate(): number {
    return Math.round(this.all.episodes / ((performance.now() - this.begunAt) / 1_000));
  }

  /** Of a process that was ended early the time is not known, nor is the rate then. */
  summary(allEnded: boolean) {
    return {
      ...this.all,
      seeds: `${values.seed} to ${this.lastSeed}`,
      episodesPerSecond: this.rate,
      perCpuSecond: allEnded ? Math.round(this.all.episodes / this.cpuSeconds) : null,
    };
  }
}

/** Lives through the runs of one seed after the other, until there were so many episodes, or one did harm. */
async function main(): Promise<void> {
  const sum = new Sum();
  const workers = Math.max(1, Number(values.workers));
  const children = new Set<ChildProcess>();
  let isOver = false;
  const ended = Array.from({ length: workers }, (_, index) => {
    const execArgv = [...process.execArgv, `--max-semi-space-size=${YOUNG_ROOM}`];
    const child = fork(join(__dirname, 'share.js'), { execArgv });
    children.add(child);
    child.on('message', (told: Told) => {
      if (isOver) return;
      sum.add(told);
      isOver = isHarmed(told) && !values.on;
      if (isOver) for (const other of children) other.kill();
    });
    child.send(shareOf(index, workers));
    return new Promise<void>((resolve) => {
      child.on('exit', (code) => {
        if (!isOver && code !== 0) process.exitCode = 1;
        resolve();
      });
    });
  });
  await Promise.all(ended);
  console.log(sum.summary(!isOver || workers === 1));
}

function shareOf(index: number, workers: number): Share {
  const { sabotage, slow, story, on } = values;
  return {
    seed: Number(values.seed) + index,
    step: workers,
    episodes: Number(values.episodes) / workers,
    sabotage: sabotage === undefined ? null : Number(sabotage),
    ...{ slow, story, on },
  };
}

/** Says what went wrong in a run, and how to see it again. */
function isHarmed({ seed, harms, story }: Told): boolean {
  if (values.story) console.log(story);
  if (harms.length === 0) return false;
  console.log(harms.join('\n'));
  console.log(`It is lived through again by: npm run test:simulation -- --seed ${seed} --episodes 1 --story`);
  process.exitCode = 1;
  return true;
}

void main();
