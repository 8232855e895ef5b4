import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { trialOf } from './trial';

const EPISODES = 5_000;
const SIMULATE = join(__dirname, '../../scripts/simulate.mjs');

/** As `npm run test:simulation` does, in a process of its own: within jest it takes three times as long. */
async function simulated(...words: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, [SIMULATE, ...words])).stdout;
  } catch (error) {
    // what went wrong, and in which seed
    throw new Error((error as { stdout?: string }).stdout ?? 'no output', { cause: error });
  }
}

const numberOf = (what: string, summary: string) =>
  Number(new RegExp(`\\b${what}: (\\d+)`).exec(summary)?.[1]);

describe('the reaper in simulated time', () => {
  it('stops what is idle, never what is in use, nor without a notice, nor past a budget', async () => {
    // it exits with 1, and names the seed, where a run did harm
    const summary = await simulated('--episodes', String(EPISODES));
    expect(numberOf('episodes', summary)).toBeGreaterThanOrEqual(EPISODES);
    // most idle times end by somebody who comes back: the others must not be few
    expect(numberOf('stops', summary)).toBeGreaterThan(EPISODES / 10);
  }, 300_000);

  it('is the same each time that a seed is lived through', async () => {
    const [first, again] = [await trialOf(4, { tells: true }), await trialOf(4, { tells: true })];
    expect(again.fleet.story.lines).toEqual(first.fleet.story.lines);
    expect(first.fleet.story.lines.length).toBeGreaterThan(100);
  });

  it.each([1, 2, 6, 8])(
    'leaves out no minute in which anything would have been decided (seed %i)',
    async (seed) => {
      const jumping = await trialOf(seed, { tells: true });
      const minutely = await trialOf(seed, { tells: true, slow: true });
      expect(minutely.harms).toEqual([]);
      expect(eventsOf(jumping)).toEqual(eventsOf(minutely));
      expect(minutely.fleet.installation.turns).toBeGreaterThan(2 * jumping.fleet.installation.turns);
    },
  );
});

/** What became of the workers, to the minute: the calls of two runs need not take the same milliseconds. */
function eventsOf({ fleet }: Awaited<ReturnType<typeof trialOf>>): string[] {
  return fleet.story.lines
    .filter((line) => /EC2 stops it|told stop-/.test(line))
    .map((line) => line.slice(0, 16) + line.slice(24))
    .sort();
}
