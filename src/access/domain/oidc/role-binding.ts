import { AggregateRoot } from '../../../kernel/aggregate-root';
import { derivedId } from '../../../kernel/ids';
import { type Grant } from '../../../kernel/principal';
import { type Scope } from '../../../kernel/reach';
import { grantOf } from '../grant-of';
import { RoleBindingExists } from './oidc-errors';
import { RoleBindingCreated, RoleBindingDeleted, type RoleBindingEvent } from './role-binding-events';

export type NewRoleBinding = RoleBindingCreated['data'];

export interface RoleBindingState extends NewRoleBinding {
  readonly deletedAt: Date | null;
  readonly deletedBy: string | null;
}

/**
 * All members of a group of the identity provider have a role in a part of the fleet. It does not change; it is deleted
 * and replaced. Its id is made of what it says, so that there is one of a kind at most.
 */
export class RoleBinding extends AggregateRoot<RoleBindingState, RoleBindingEvent> {
  static create(given: NewRoleBinding): RoleBinding {
    const said = { ...given, scope: inOrder(given.scope) };
    const binding = new RoleBinding(idOf(said), NO_STATE, 0);
    binding.record(new RoleBindingCreated(binding.id, said));
    return binding;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly RoleBindingEvent[],
    { state, version }: { state: RoleBindingState; version: number } = { state: NO_STATE, version: 0 },
  ): RoleBinding {
    return new RoleBinding(id, events.reduce(evolve, state), version + events.length);
  }

  /** What the members of the group may do by it. */
  get grant(): Grant {
    return grantOf(this.state);
  }

  /** After a deletion. @throws RoleBindingExists where it was not deleted */
  createAgain(by: string, now: Date): void {
    if (!this.state.deletedAt) throw new RoleBindingExists(this.id);
    const { group, role, scope } = this.state;
    this.record(new RoleBindingCreated(this.id, { group, role, scope, createdAt: now, createdBy: by }));
  }

  /** False if it was deleted already. */
  delete(by: string, now: Date): boolean {
    if (this.state.deletedAt) return false;
    this.record(new RoleBindingDeleted(this.id, { deletedAt: now, deletedBy: by }));
    return true;
  }

  protected evolve(state: RoleBindingState, event: RoleBindingEvent): RoleBindingState {
    return evolve(state, event);
  }
}

/** What a creation event fills in; nothing reads it before. */
const NO_STATE = { deletedAt: null, deletedBy: null } as RoleBindingState;

function evolve(state: RoleBindingState, event: RoleBindingEvent): RoleBindingState {
  switch (event.type) {
    case 'role-binding.created':
      return { ...event.data, deletedAt: null, deletedBy: null };
    case 'role-binding.deleted':
      return { ...state, ...event.data };
  }
}

function idOf({ group, role, scope }: Pick<NewRoleBinding, 'group' | 'role' | 'scope'>): string {
  const { regions, tags, workerIds, labIds } = scope ?? {};
  const pairs = tags?.map(({ key, value }) => [key, value]);
  const words = [group, role, scope && [regions, pairs, workerIds, labIds].map((list) => list ?? null)];
  return derivedId('role-binding', JSON.stringify(words));
}

/** The same scope in the form that all ways of writing it have in common: sorted, nothing twice. */
function inOrder(scope: Scope | null): Scope | null {
  if (!scope) return null;
  const { regions, tags, workerIds, labIds } = scope;
  const byText = new Map(tags?.map((tag) => [JSON.stringify([tag.key, tag.value]), tag]));
  return {
    ...(regions && { regions: sorted(regions) }),
    ...(tags && { tags: sorted([...byText.keys()]).flatMap((text) => byText.get(text) ?? []) }),
    ...(workerIds && { workerIds: sorted(workerIds) }),
    ...(labIds && { labIds: sorted(labIds) }),
  };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
