import { Logger } from '@nestjs/common';
import { randomRun } from './plan/random-run';
import { type Sabotage } from './sabotage/sabotage';
import { Fleet } from './world/fleet';
import { type SimTime } from './world/sim-time';
import { type RunTraits } from './world/traits';

export interface Trial {
  readonly episodes: number;
  readonly fleet: Fleet;
  /** what must not have happened, a line each; empty: all is well */
  readonly harms: readonly string[];
}

export interface TrialOptions {
  /** each minute and each reading by itself */
  readonly slow?: boolean;
  readonly tells?: boolean;
  readonly sabotaged?: (time: SimTime) => Sabotage;
}

/** Lives through the run of a seed, or through one that is written down. */
export async function trialOf(run: number | RunTraits, options: TrialOptions = {}): Promise<Trial> {
  Logger.overrideLogger(false);
  const traits = typeof run === 'number' ? randomRun(run) : run;
  const fleet = new Fleet(traits, { slow: options.slow ?? false }, options);
  await fleet.live();
  return { episodes: fleet.episodes, fleet, harms: harmsOf(fleet) };
}

export function harmsOf({ story, traits }: Fleet): string[] {
  return story.harms.map(
    ({ harm, at, what }) => `seed ${traits.seed}, ${new Date(at).toISOString()}: ${harm}: ${what}`,
  );
}
