import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { ReaperControls } from '../domain/control/ports';

/** Automatic stops are allowed again: a pause ends, and an open breaker is closed. */
export class ResumeReaper extends Command<void> {
  constructor(
    readonly reason: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ResumeReaper)
export class ResumeReaperHandler implements ICommandHandler<ResumeReaper> {
  constructor(
    private readonly controls: ReaperControls,
    private readonly clock: FleetClock,
  ) {}

  async execute({ reason, context }: ResumeReaper): Promise<void> {
    const now = this.clock.now();
    await this.controls.change(context, (control) => control.resume(context.actor, reason, now));
  }
}
