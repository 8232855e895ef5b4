import { type Calendar } from './calendar';
import { type IdlePolicy } from './idle-policy';
import { type StopBudget } from './stop-budget';

/** One of the policies that a worker's was made of. */
export interface PolicyLayer {
  /** `settings`, `fleet`, `worker`, or the id of a named policy */
  readonly id: string;
  readonly name: string;
  /** counts its changes; 0 of the settings */
  readonly version: number;
}

/** Where `dryRun` comes from while nothing may be stopped because a policy cannot be followed. */
export const PROBLEM = 'problem';

/** The policy of one worker, and where each of its values comes from. */
export interface EffectivePolicy {
  readonly policy: IdlePolicy;
  readonly calendar: Calendar;
  /** weakest first: settings, fleet, those whose selector fits, the one that it names, its own */
  readonly layers: readonly PolicyLayer[];
  /** id of the layer that each value comes from; or PROBLEM */
  readonly origins: Readonly<Record<keyof IdlePolicy, string>>;
  /** why it cannot be followed to the letter, so that nothing is stopped by it: sentences for people; left out: it can */
  readonly problems?: readonly string[];
}

/** By what a worker's policies are found. */
export interface PolicySubject {
  readonly id: string;
  readonly awsRegion: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly idlePolicyId: string | null;
}

/** What holds for all automatic stops together. */
export interface FleetRules {
  /** over all workers */
  readonly fleetBudget: StopBudget | null;
  /** over the workers of each region */
  readonly regionBudget: StopBudget | null;
  /** the breaker looks at so many minutes */
  readonly breakerWindowMinutes: number;
}
