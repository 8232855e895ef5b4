import { type AggregateDirectory } from '../../event-store';
import { byName } from '../../kernel/name-place';
import { type PolicySubject } from '../../reaper';
import { fits, FLEET_POLICY_ID, workerPolicyId } from '../domain/policy-details';
import { type PolicyState, type WrittenPolicy } from '../domain/written-policy';

/** All policies, in memory: for lists, and for what holds for a worker. One policy is read from its stream. */
export class PolicyDirectory {
  private selecting: readonly WrittenPolicy[] | null = null;

  constructor(private readonly policies: AggregateDirectory<WrittenPolicy, PolicyState>) {
    policies.listen(() => {
      this.selecting = null;
    });
  }

  /** Takes a policy as it is now, unless a newer state of it is here already. */
  put(policy: WrittenPolicy): void {
    this.policies.put(policy);
  }

  listen(listener: () => void): void {
    this.policies.listen(listener);
  }

  /** The named ones that are not deleted, by name. */
  named(): WrittenPolicy[] {
    return this.policies
      .all()
      .filter((policy) => policy.state.scope === 'named' && !policy.isDeleted)
      .sort(byName);
  }

  /** Null for one that is deleted, or not here (yet). */
  living(id: string): WrittenPolicy | null {
    const policy = this.policies.get(id);
    return policy && !policy.isDeleted ? policy : null;
  }

  /** Number of the policy's changes, its deletion included; 0 for one that was never there. */
  versionOf(id: string): number {
    return this.policies.get(id)?.version ?? 0;
  }

  /** Those that hold for a worker, weakest first. */
  layersFor(worker: PolicySubject): WrittenPolicy[] {
    const chosen = worker.idlePolicyId === null ? null : this.living(worker.idlePolicyId);
    const fitting = this.bySelector().filter(
      ({ id, state }) => state.selector && fits(state.selector, worker) && id !== chosen?.id,
    );
    const all = [this.living(FLEET_POLICY_ID), ...fitting, chosen, this.living(workerPolicyId(worker.id))];
    return all.filter((policy) => policy !== null);
  }

  /**
   * Ids of those that this program cannot read and that may hold for the worker: whom a named one would fit, nobody
   * knows.
   */
  unreadableFor(worker: Pick<PolicySubject, 'id'>): string[] {
    const { unreadable } = this.policies;
    if (unreadable.length === 0) return unreadable;
    const own = workerPolicyId(worker.id);
    return unreadable.filter((id) => id === own || !id.startsWith(workerPolicyId('')));
  }

  private bySelector(): readonly WrittenPolicy[] {
    this.selecting ??= this.named()
      .filter(({ state }) => state.selector)
      .sort((a, b) => a.state.priority - b.state.priority || (a.id < b.id ? -1 : 1));
    return this.selecting;
  }
}
