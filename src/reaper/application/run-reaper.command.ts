import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LeasedTicks } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { ReaperBusy } from '../domain/reaper-errors';
import { type ReaperRun } from '../domain/reaper-run';
import { ReapIdleWorkers } from './reap-idle-workers.command';
import { REAP } from './reaper.schedules';

/** Lets the reaper take its turn now, because somebody asks for it. A dry run takes no turn. @throws ReaperBusy */
export class RunReaper extends Command<ReaperRun> {
  constructor(
    readonly dryRun: boolean,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RunReaper)
export class RunReaperHandler implements ICommandHandler<RunReaper> {
  constructor(
    private readonly commands: CommandBus,
    private readonly ticks: LeasedTicks,
  ) {}

  async execute({ dryRun, context }: RunReaper): Promise<ReaperRun> {
    if (dryRun) return this.commands.execute(new ReapIdleWorkers(null, context));
    const ran = await this.ticks.exclusively(REAP, (turn) =>
      this.commands.execute(new ReapIdleWorkers(turn, context)),
    );
    if (!ran) throw new ReaperBusy();
    return ran.result;
  }
}
