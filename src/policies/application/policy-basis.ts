import { type FleetRules, type IdlePolicy } from '../../reaper';

/** What all policies stand on: the settings. */
export interface PolicyBasis {
  /** the weakest values of all; those that are left out, or undefined, have their defaults */
  readonly values: Partial<IdlePolicy>;
  readonly fleetRules: FleetRules;
  /** whether there is a mail server: without one nobody whom a policy names can be told */
  readonly sendsMail: boolean;
  /** zone of the calendars that name none */
  readonly timeZone: string;
  /** fleet seconds between two observations of a worker */
  readonly observeSeconds: number;
  /** fleet seconds between two readings of what people did on it */
  readonly activitySeconds: number;
}

export const POLICY_BASIS = Symbol('PolicyBasis');
