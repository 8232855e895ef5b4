import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../../kernel/clocks';
import { type CommandContext } from '../../../kernel/command-context';
import { type Role } from '../../../kernel/principal';
import { type Scope } from '../../../kernel/reach';
import { RoleBindingRepository } from '../../domain/oidc/oidc-ports';
import { RoleBinding } from '../../domain/oidc/role-binding';

export interface WantedBinding {
  readonly group: string;
  readonly role: Role;
  readonly scope: Scope | null;
}

/** The members of the group have the role: here at once, in other processes within a second. @throws RoleBindingExists */
export class CreateRoleBinding extends Command<RoleBinding> {
  constructor(
    readonly wanted: WantedBinding,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateRoleBinding)
export class CreateRoleBindingHandler implements ICommandHandler<CreateRoleBinding> {
  constructor(
    private readonly bindings: RoleBindingRepository,
    private readonly clock: FleetClock,
  ) {}

  execute({ wanted, context }: CreateRoleBinding): Promise<RoleBinding> {
    const said = { ...wanted, createdAt: this.clock.now(), createdBy: context.actor };
    return this.bindings.add(RoleBinding.create(said), context);
  }
}
