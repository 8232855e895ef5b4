import { OPEN_CALENDAR } from '../domain/policy/calendar';
import { type EffectivePolicy, type FleetRules } from '../domain/policy/effective-policy';
import { type IdlePolicy } from '../domain/policy/idle-policy';
import { PolicySource } from '../domain/ports';

const NO_FLEET_RULES: FleetRules = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };
const SETTINGS = 'settings';

/** One policy for all workers, without a calendar and without budgets: that of the settings. */
export class FixedPolicy extends PolicySource {
  private readonly effective: EffectivePolicy;

  constructor(
    policy: IdlePolicy,
    private readonly rules: FleetRules = NO_FLEET_RULES,
  ) {
    super();
    const origins = Object.fromEntries(Object.keys(policy).map((name) => [name, SETTINGS])) as Record<
      keyof IdlePolicy,
      string
    >;
    const layers = [{ id: SETTINGS, name: SETTINGS, version: 0 }];
    this.effective = { policy, calendar: OPEN_CALENDAR, layers, origins };
  }

  of(): EffectivePolicy {
    return this.effective;
  }

  fleet(): FleetRules {
    return this.rules;
  }
}
