import { z } from 'zod';
import { RulePlan } from '../faults/rule-plan';
import { ENDS_ONCE, RULE_TIMING } from '../faults/rule-timing';
import { matchesWildcard } from '../wildcard';

const ACTIONS = ['register', 'authorize', 'renew', 'deregister'] as const;
const names = z.array(z.string().min(1)).min(1);

/**
 * When Smart Licensing cannot be reached by CML servers, and by which. `next` and `every` count attempts of the
 * servers, not requests to them. An empty rule: nobody reaches it.
 */
export const outageRule = z
  .strictObject({
    ...RULE_TIMING,
    /** of the servers */
    instanceIds: names.optional(),
    /** their `Name` tags, with `*` and `?` */
    names: names.optional(),
    /** URLs of Smart Licensing servers, as in the transport settings */
    servers: names.optional(),
    actions: z.array(z.enum(ACTIONS)).min(1).optional(),
    /** `request` where left out; `answer`: Smart Licensing does what is asked, and the server does not hear of it */
    lost: z.enum(['request', 'answer']).optional(),
  })
  .refine(...ENDS_ONCE);

type OutageRule = z.output<typeof outageRule>;
export type OutageRuleInput = z.input<typeof outageRule>;

/** What a CML server wants of Smart Licensing. */
export type LicenseAction = (typeof ACTIONS)[number];

export interface OutageCall {
  readonly action: LicenseAction;
  readonly instanceId: string;
  /** the `Name` tag; empty: none */
  readonly name: string;
  /** URL of the Smart Licensing server */
  readonly server: string;
}

/** The rules by which CML servers do not reach Smart Licensing. */
export class OutagePlan extends RulePlan<OutageRuleInput, OutageRule, OutageCall> {
  /** What gets lost of an attempt; null: nothing. */
  strike(call: OutageCall, at: Date): 'request' | 'answer' | null {
    const [hit] = this.hitsOf(call, at);
    return hit ? (hit.rule.lost ?? 'request') : null;
  }

  protected override parse(input: OutageRuleInput): OutageRule {
    return outageRule.parse(input);
  }

  protected override isOutcome(): boolean {
    return true;
  }

  protected override fits(rule: OutageRule, { action, instanceId, name, server }: OutageCall): boolean {
    return (
      (rule.actions?.includes(action) ?? true) &&
      (rule.instanceIds?.includes(instanceId) ?? true) &&
      (rule.names?.some((pattern) => matchesWildcard(pattern, name)) ?? true) &&
      (rule.servers?.includes(server) ?? true)
    );
  }
}
