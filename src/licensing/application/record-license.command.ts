import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { GetWorker, UpdateLicense } from '../../workers';
import { type LicenseReading, licenseStatusOf } from '../domain/license-reading';

/** What a CML server said about its licence, brought to the worker. @throws WorkerNotFound */
export class RecordLicense extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly reading: LicenseReading,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordLicense)
export class RecordLicenseHandler implements ICommandHandler<RecordLicense> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, reading, context }: RecordLicense): Promise<void> {
    const worker = await this.queries.execute(new GetWorker(workerId));
    const status = licenseStatusOf(reading, worker.licenseStatus, null, this.clock.now());
    if (status === worker.licenseStatus) return;
    await this.commands.execute(new UpdateLicense(workerId, status, null, context));
  }
}
