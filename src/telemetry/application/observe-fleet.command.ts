import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Turn } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { Ec2Sweep } from './ec2-sweep';

/** One sweep of EC2 over a region. Never rejects. */
export class ObserveFleet extends Command<void> {
  constructor(
    readonly region: string,
    readonly turn: Turn,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ObserveFleet)
export class ObserveFleetHandler implements ICommandHandler<ObserveFleet> {
  private readonly logger = new Logger(ObserveFleet.name);

  constructor(private readonly sweep: Ec2Sweep) {}

  async execute({ region, turn, context }: ObserveFleet): Promise<void> {
    try {
      await this.sweep.sweepRegion(region, turn.lease, context);
    } catch (err) {
      this.logger.error({ err, region }, 'an observation failed; the next sweep tries again');
    }
  }
}
