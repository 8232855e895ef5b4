import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { ReaperControls } from '../domain/control/ports';

/** No automatic stop from now on, also of a turn that is under way. @throws InvalidInput for an end that is not ahead */
export class PauseReaper extends Command<void> {
  constructor(
    readonly reason: string,
    /** fleet time; null: until it is resumed */
    readonly until: Date | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(PauseReaper)
export class PauseReaperHandler implements ICommandHandler<PauseReaper> {
  constructor(
    private readonly controls: ReaperControls,
    private readonly clock: FleetClock,
  ) {}

  async execute({ reason, until, context }: PauseReaper): Promise<void> {
    const now = this.clock.now();
    await this.controls.change(context, (control) => control.pause(context.actor, reason, until, now));
  }
}
