import { type PolicyDetails } from '../domain/policy-details';
import { type NewPolicy } from '../domain/written-policy';
import { type ClientsValues, writtenValues } from './given-values';
import { type PolicyBasis } from './policy-basis';

/** A named policy as a client gives it. */
export interface NamedPolicy extends Pick<PolicyDetails, 'name' | 'description' | 'selector' | 'priority'> {
  readonly values: ClientsValues;
}

/** In the form that is stored. */
export function writtenPolicy(
  { values, ...given }: NamedPolicy,
  { basis, now, by }: { readonly basis: PolicyBasis; readonly now: Date; readonly by: string },
): NewPolicy {
  return {
    ...given,
    ...{ scope: 'named', workerId: null, fleetRules: {} },
    values: writtenValues(values, basis.timeZone),
    createdAt: now,
    createdBy: by,
  };
}
