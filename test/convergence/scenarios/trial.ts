import { enact } from './enact';
import { planOf } from './plan';

/** The seeds to try: one that was named, or so many from the first one on. */
export function seedsOf({ SEED }: NodeJS.ProcessEnv, first: number, count: number): number[] {
  return SEED === undefined ? Array.from({ length: count }, (_, index) => first + index) : [Number(SEED)];
}

/** Plays the scenarios of these seeds. Answers what is wrong, and tells the story of each that failed. */
export async function trial(seeds: readonly number[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const seed of seeds) {
    const { harms, story } = await enact(planOf(seed));
    if (harms.length === 0) continue;
    process.stderr.write(`\nSEED=${seed}\n${story}\n`);
    wrong.push(...harms.map((harm) => `SEED=${seed}: ${harm}`));
  }
  return wrong;
}
