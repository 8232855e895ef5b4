import { matchesWildcard } from '../wildcard';
import { faultRule, type FaultRule, type FaultRuleInput } from './fault-rule';
import { type FaultTarget, hasTarget, means } from './fault-target';
import { RulePlan } from './rule-plan';
import { isOutcome, Strike } from './strike';

/** What the plan looks at of a call. */
export interface FaultCall {
  readonly action: string;
  readonly region: string;
  /** The instances that the call names or would make; empty where it names none, as a listing does. */
  targets(): readonly FaultTarget[];
}

/** The rules by which calls of the simulated AWS go wrong. */
export class FaultPlan extends RulePlan<FaultRuleInput, FaultRule, FaultCall> {
  /** All that goes wrong with this call. */
  strike(call: FaultCall): Strike {
    return new Strike(this.hitsOf(call));
  }

  protected override parse(input: FaultRuleInput): FaultRule {
    return faultRule.parse(input);
  }

  protected override isOutcome(rule: FaultRule): boolean {
    return isOutcome(rule);
  }

  protected override fits(rule: FaultRule, call: FaultCall): boolean {
    if (rule.region !== undefined && rule.region !== call.region) return false;
    if (!(rule.actions ?? ['*']).some((action) => matchesWildcard(action, call.action))) return false;
    if (!hasTarget(rule)) return true;
    const targets = call.targets();
    // A listing names nobody and shows everybody: what is wrong with single instances is wrong in it, too.
    if (targets.length === 0) return !isOutcome(rule) && call.action.startsWith('Describe');
    return targets.some((target) => means(rule, target));
  }
}
