import { AggregateRoot } from '../../kernel/aggregate-root';
import { InvalidInput } from '../../kernel/domain-error';
import { faultsOf, type Plain, type PolicyDetails } from './policy-details';
import { PolicyNotFound } from './policy-errors';
import { IdlePolicyCreated, IdlePolicyDeleted, IdlePolicyUpdated, type PolicyEvent } from './policy-events';
import { changesBetween } from './value-changes';

export type NewPolicy = IdlePolicyCreated['data'];

export interface PolicyState extends NewPolicy {
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
}

/**
 * What admins wrote into one policy: that of the fleet, a named one, or a worker's own. Whether it is acceptable depends
 * on the policies beneath it, and is asked before. Times are fleet time.
 */
export class WrittenPolicy extends AggregateRoot<PolicyState, PolicyEvent> {
  /** @throws InvalidInput when the details do not fit together */
  static create(id: string, given: NewPolicy): WrittenPolicy {
    mustFit(given);
    const policy = new WrittenPolicy(id, NO_STATE, 0);
    policy.record(new IdlePolicyCreated(id, given));
    return policy;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly PolicyEvent[],
    { state, version }: { state: PolicyState; version: number } = { state: NO_STATE, version: 0 },
  ): WrittenPolicy {
    return new WrittenPolicy(id, events.reduce(evolve, state), version + events.length);
  }

  get isDeleted(): boolean {
    return this.state.deletedAt !== null;
  }

  /**
   * Replaces what is written. A worker's own that was deleted begins anew; a named one is gone for good.
   * @throws PolicyNotFound, InvalidInput when the details do not fit together
   */
  replace(given: NewPolicy): void {
    if (this.isDeleted && given.scope === 'named') throw new PolicyNotFound(this.id);
    mustFit(given);
    if (this.isDeleted) {
      this.record(new IdlePolicyCreated(this.id, given));
      return;
    }
    const details = detailsOf(given);
    const changed = changesBetween(asPlain(detailsOf(this.state)), asPlain(details));
    if (changed.length === 0) return;
    const pointers = changed.map(({ pointer }) => pointer);
    this.record(
      new IdlePolicyUpdated(this.id, { ...details, changed: pointers, updatedAt: given.createdAt }),
    );
  }

  delete(now: Date): void {
    if (!this.isDeleted) this.record(new IdlePolicyDeleted(this.id, { at: now }));
  }

  protected evolve(state: PolicyState, event: PolicyEvent): PolicyState {
    return evolve(state, event);
  }
}

export function detailsOf(given: PolicyDetails): PolicyDetails {
  const { name, description, selector, priority, values, fleetRules } = given;
  return { name, description, selector, priority, values, fleetRules };
}

/** Details are plain data; their interfaces have no index signature. */
export function asPlain(details: PolicyDetails): Plain {
  return { ...details, selector: details.selector && { ...details.selector } };
}

function mustFit(details: PolicyDetails): void {
  const faults = faultsOf(details);
  if (faults.length > 0) throw new InvalidInput(faults);
}

/** What a creation event fills in; nothing reads it before. */
const NO_STATE = { deletedAt: null } as PolicyState;

function evolve(state: PolicyState, event: PolicyEvent): PolicyState {
  switch (event.type) {
    case 'idle-policy.created':
      return { ...event.data, updatedAt: event.data.createdAt, deletedAt: null };
    case 'idle-policy.updated': {
      const { changed: _, ...written } = event.data;
      return { ...state, ...written };
    }
    case 'idle-policy.deleted':
      return { ...state, deletedAt: event.data.at };
  }
}
