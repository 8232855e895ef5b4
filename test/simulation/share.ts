import 'reflect-metadata';
import { SABOTEURS } from './sabotage/saboteurs';
import { trialOf } from './trial';

/** The seeds that one process lives through: from the first one on, each so many further. */
export interface Share {
  readonly seed: number;
  readonly step: number;
  readonly episodes: number;
  /** number of a saboteur, from 0; null: none */
  readonly sabotage: number | null;
  readonly slow: boolean;
  readonly story: boolean;
  /** goes on after a harm */
  readonly on: boolean;
}

/** What came of the seeds of a share, or of one of them. */
export interface Lived {
  episodes: number;
  runs: number;
  turns: number;
  stops: number;
  byMaxUptime: number;
  bySchedule: number;
  invisible: number;
  raced: number;
  longestRaceMs: number;
}

/** Told after each seed; the last one is told with the processor time of the whole share. */
export interface Told {
  readonly seed: number;
  readonly lived: Lived;
  readonly harms: readonly string[];
  readonly story: string;
  readonly cpuSeconds: number | null;
}

async function live({ seed: first, step, episodes, sabotage, slow, story, on }: Share): Promise<void> {
  const sabotaged = sabotage === null ? undefined : SABOTEURS[sabotage]?.by;
  let left = episodes;
  for (let seed = first; ; seed += step) {
    const trial = await trialOf(seed, { slow, tells: story, sabotaged });
    const { fleet, harms } = trial;
    const { turns } = fleet.installation;
    left -= trial.episodes;
    const isLast = left <= 0 || (harms.length > 0 && !on);
    const lived = { episodes: trial.episodes, runs: 1, turns, ...fleet.oracle.tally };
    tell({ seed, lived, harms, story: fleet.story.text, cpuSeconds: isLast ? cpuSeconds() : null });
    if (isLast) return;
  }
}

function tell(told: Told): void {
  process.send?.(told);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

process.once('message', (share: Share) => {
  void live(share).finally(() => process.disconnect());
});
