import { RulePlan } from '../../faults/rule-plan';
import { matchesWildcard } from '../../wildcard';
import { cmlFaultRule, type CmlFaultRule, type CmlFaultRuleInput } from './cml-fault-rule';
import { CmlStrike, isOutcome } from './cml-strike';

/** What the plan looks at of a request to a CML server. */
export interface CmlRequestFacts {
  readonly instanceId: string;
  /** the `Name` tag; empty: none */
  readonly name: string;
  readonly method: string;
  /** below /api/v0, without the query */
  readonly path: string;
  readonly door?: string | undefined;
}

/** The rules by which requests to CML servers go wrong. */
export class CmlFaultPlan extends RulePlan<CmlFaultRuleInput, CmlFaultRule, CmlRequestFacts> {
  /** All that goes wrong with this request. */
  strike(request: CmlRequestFacts): CmlStrike {
    return new CmlStrike(this.hitsOf(request).map(({ rule }) => rule));
  }

  protected override parse(input: CmlFaultRuleInput): CmlFaultRule {
    return cmlFaultRule.parse(input);
  }

  protected override isOutcome(rule: CmlFaultRule): boolean {
    return isOutcome(rule);
  }

  protected override fits(rule: CmlFaultRule, { instanceId, name, method, path }: CmlRequestFacts): boolean {
    const { instanceIds, names, methods, paths } = rule;
    return (
      (instanceIds?.includes(instanceId) ?? true) &&
      (names?.some((pattern) => matchesWildcard(pattern, name)) ?? true) &&
      (methods?.some((candidate) => candidate === method) ?? true) &&
      (paths?.some((pattern) => matchesWildcard(pattern, path)) ?? true)
    );
  }
}
