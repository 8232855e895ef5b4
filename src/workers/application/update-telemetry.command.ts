import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type TelemetryReading } from '../domain/service-observation';

/** New readings of what goes on on the worker; an event only when their meaning changed. */
export class UpdateTelemetry extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly reading: TelemetryReading,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateTelemetry)
export class UpdateTelemetryHandler implements ICommandHandler<UpdateTelemetry> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, reading, context }: UpdateTelemetry): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => worker.updateTelemetry(reading, now));
  }
}
