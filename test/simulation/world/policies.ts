import { type Calendar } from '../../../src/reaper/domain/policy/calendar';
import {
  type EffectivePolicy,
  type FleetRules,
  type PolicySubject,
} from '../../../src/reaper/domain/policy/effective-policy';
import { type IdlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { PolicySource } from '../../../src/reaper/domain/ports';
import { knownCalendar } from '../plan/calendars';
import { type RunTraits } from './traits';

/** The policies of a run, by worker. */
export class PlannedPolicies extends PolicySource {
  private readonly byWorker = new Map<string, EffectivePolicy>();

  constructor(private readonly traits: RunTraits) {
    super();
    traits.workers.forEach(({ policy, policyId }, index) => {
      this.byWorker.set(`w-${index + 1}`, effective(policy, policyId, knownCalendar(policy.calendar)));
    });
  }

  of({ id }: PolicySubject): EffectivePolicy {
    const policy = this.byWorker.get(id);
    if (!policy) throw new Error(`nobody planned a policy for ${id}`);
    return policy;
  }

  fleet(): FleetRules {
    return this.traits.rules;
  }
}

function effective(policy: IdlePolicy, id: string, calendar: Calendar): EffectivePolicy {
  const origins = Object.fromEntries(Object.keys(policy).map((name) => [name, id]));
  return {
    policy,
    calendar,
    layers: [{ id, name: id, version: 1 }],
    origins: origins as EffectivePolicy['origins'],
  };
}
