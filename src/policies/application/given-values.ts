import { type CalendarRules, type FleetRules, type IdlePolicy } from '../../reaper';
import { plainCopy } from '../domain/plain-copy';
import { type GivenValues } from '../domain/policy-details';

/** Values as a client gives them: one that is null comes from a weaker policy, as does one that is left out. */
export type ClientsValues = {
  readonly [Name in Exclude<keyof IdlePolicy, 'calendar' | 'cpuIdleBelowPercent'>]?: IdlePolicy[Name] | null;
} & { readonly calendar?: ClientsCalendar | null };

type ClientsCalendar = Omit<CalendarRules, 'timeZone'> & { readonly timeZone?: string };

/** Of these null is a value of its own: none. */
const MAY_BE_NONE: readonly string[] = ['maxUptimeMinutes', 'budget'] satisfies (keyof IdlePolicy)[];

/** In the form that is stored. */
export function writtenValues({ calendar, ...given }: ClientsValues, timeZone: string): GivenValues {
  const { warningStagesMinutes: stages } = given;
  const values = {
    ...given,
    ...(calendar && { calendar: { ...calendar, timeZone: calendar.timeZone ?? timeZone } }),
    ...(stages && { warningStagesMinutes: [...new Set(stages)].sort((a, b) => b - a) }),
  };
  const said = Object.entries(values).filter(
    ([name, value]) => value !== undefined && (value !== null || MAY_BE_NONE.includes(name)),
  );
  return plainCopy(Object.fromEntries(said));
}

/** In the form that is stored; here null is none of it, and what is left out comes from the settings. */
export function writtenFleetRules(given: Partial<FleetRules>): GivenValues {
  return plainCopy({ ...given });
}

/** What is stored was given as values of these types. */
export function policyValues(values: GivenValues): Partial<IdlePolicy> {
  return values;
}

export function fleetRulesOf(values: GivenValues): Partial<FleetRules> {
  return values;
}
