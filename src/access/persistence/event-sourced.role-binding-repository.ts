import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { RoleBindingRepository } from '../domain/oidc/oidc-ports';
import { type RoleBinding, type RoleBindingState } from '../domain/oidc/role-binding';

export class EventSourcedRoleBindingRepository extends RoleBindingRepository {
  constructor(private readonly bindings: AggregateStore<RoleBinding, RoleBindingState>) {
    super();
  }

  async add(binding: RoleBinding, context: CommandContext): Promise<RoleBinding> {
    if (!(await this.bindings.load(binding.id))) {
      return (await this.bindings.create(binding, context)).aggregate;
    }
    const { createdAt, createdBy } = binding.state;
    return this.update(binding.id, context, (present) => present.createAgain(createdBy, createdAt));
  }

  async update(
    id: string,
    context: CommandContext,
    decide: (binding: RoleBinding) => void,
  ): Promise<RoleBinding> {
    return (await this.bindings.change(id, context, decide)).aggregate;
  }
}
