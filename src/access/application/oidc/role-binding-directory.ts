import { type AggregateDirectory } from '../../../event-store';
import { type Grant } from '../../../kernel/principal';
import { type RoleBinding, type RoleBindingState } from '../../domain/oidc/role-binding';

/** All role bindings, in memory: every request of a person asks for them. */
export class RoleBindingDirectory {
  constructor(private readonly bindings: AggregateDirectory<RoleBinding, RoleBindingState>) {}

  /** Takes a binding as it is now, unless a newer state of it is here already. */
  put(binding: RoleBinding): void {
    this.bindings.put(binding);
  }

  /** What members of these groups may do, all bindings together; in the same order each time. */
  grantsOf(groups: readonly string[]): Grant[] {
    return this.list()
      .filter(({ state }) => groups.includes(state.group))
      .map(({ grant }) => grant);
  }

  /** Null for one that is deleted, too. */
  get(id: string): RoleBinding | null {
    const binding = this.bindings.get(id);
    return binding?.state.deletedAt === null ? binding : null;
  }

  /** Those that are not deleted, by group. */
  list(): RoleBinding[] {
    return this.bindings
      .all()
      .filter(({ state }) => !state.deletedAt)
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  }

  /** Calls the listener after each change; answers the function that ends it. It must not throw. */
  listen(listener: () => void): () => void {
    return this.bindings.listen(() => listener());
  }
}

/** Where a binding stands in the list. */
export interface BindingPlace {
  readonly group: string;
  readonly id: string;
}

export function placeOf({ id, state }: RoleBinding): BindingPlace {
  return { group: state.group, id };
}

export function comparePlaces(a: BindingPlace, b: BindingPlace): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
