import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../../kernel/clocks';
import { type CommandContext } from '../../../kernel/command-context';
import { RoleBindingRepository } from '../../domain/oidc/oidc-ports';

/**
 * The members of the group lose what they had by the binding: here at once, in other processes within a second. A no-op
 * on one that is deleted. @throws RoleBindingNotFound
 */
export class DeleteRoleBinding extends Command<void> {
  constructor(
    readonly bindingId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DeleteRoleBinding)
export class DeleteRoleBindingHandler implements ICommandHandler<DeleteRoleBinding> {
  constructor(
    private readonly bindings: RoleBindingRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ bindingId, context }: DeleteRoleBinding): Promise<void> {
    await this.bindings.update(bindingId, context, (binding) => {
      binding.delete(context.actor, this.clock.now());
    });
  }
}
