import { type FleetRules } from '../policy/effective-policy';
import { type StopBudget } from '../policy/stop-budget';

/** A worker, as far as budgets go. */
export interface BudgetedWorker {
  readonly id: string;
  readonly region: string;
  /** the policy that its own budget comes from; null: no such budget */
  readonly policy: { readonly id: string; readonly name: string; readonly budget: StopBudget } | null;
}

/** Workers whose stops one budget counts together. */
export interface BudgetScope {
  /** no other scope has it; names may be alike */
  readonly key: string;
  /** `fleet`, `region us-east-1` or `policy <name>` */
  readonly name: string;
  readonly budget: StopBudget;
  readonly covers: (stop: { readonly region: string; readonly policyId: string | null }) => boolean;
}

/** What a stop of this worker is taken from, in the order in which it is asked. */
export function scopesOf(
  worker: Pick<BudgetedWorker, 'region' | 'policy'>,
  rules: FleetRules,
): BudgetScope[] {
  return [...fleetScopes(rules), ...ownScopes(worker, rules)];
}

export function fleetScopes({ fleetBudget }: FleetRules): BudgetScope[] {
  return fleetBudget ? [{ key: 'fleet', name: 'fleet', budget: fleetBudget, covers: () => true }] : [];
}

/** Those that not all workers share. */
export function ownScopes(
  { region, policy }: Pick<BudgetedWorker, 'region' | 'policy'>,
  { regionBudget }: FleetRules,
): BudgetScope[] {
  const scopes: BudgetScope[] = [];
  if (regionBudget) {
    const key = `region ${region}`;
    scopes.push({ key, name: key, budget: regionBudget, covers: (stop) => stop.region === region });
  }
  if (policy) {
    const { id, budget } = policy;
    const covers: BudgetScope['covers'] = (stop) => stop.policyId === id;
    scopes.push({ key: `policy ${id}`, name: nameOf(policy), budget, covers });
  }
  return scopes;
}

/** Two policies may have one name. The id of a worker's own, or of the fleet's, says all that there is to say. */
function nameOf({ id, name }: NonNullable<BudgetedWorker['policy']>): string {
  return id === name || id.startsWith(`${name}-`) ? `policy ${id}` : `policy ${name} (${id})`;
}

/**
 * How many stops a window allows, of so many that run or were stopped within it: at least one, or nothing could ever be
 * stopped in a small fleet.
 */
export function allowedOf({ stops, sharePercent }: StopBudget, ran: number): number {
  const share = sharePercent === null ? Infinity : Math.max(1, Math.ceil((ran * sharePercent) / 100));
  return Math.min(stops ?? Infinity, share);
}
