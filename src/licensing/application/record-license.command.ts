import { Logger } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { GetWorker, UpdateLicense } from '../../workers';
import { expiryWarnings } from '../domain/expiry-warnings';
import { type LicenseReading, licenseStatusOf, unknownWords } from '../domain/license-reading';
import { WorkerLicenses } from '../domain/worker-license-ports';

/**
 * What a CML server said about its licence, brought to the worker, with a warning of what ends soon. `readAt` is when the
 * reading was begun (fleet time): one that is older than what is known changes nothing. @throws WorkerNotFound
 */
export class RecordLicense extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly reading: LicenseReading,
    readonly readAt: Date,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordLicense)
export class RecordLicenseHandler implements ICommandHandler<RecordLicense> {
  private readonly logger = new Logger('Licensing');
  /** words that this process has told of */
  private readonly told = new Set<string>();

  constructor(
    private readonly licenses: WorkerLicenses,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, reading, readAt, context }: RecordLicense): Promise<void> {
    const worker = await this.queries.execute(new GetWorker(workerId));
    const { state } = await this.licenses.of(workerId);
    if (state.heldSince !== null && readAt < state.heldSince) return;
    this.tellUnknown(reading, workerId);
    const now = this.clock.now();
    const status = licenseStatusOf(reading, worker.licenseStatus, state.registrationSentAt, now);
    const warnings = expiryWarnings(reading, state, now);
    const isFound = status === 'REGISTERED' && state.holding === 'none';
    if (isFound || warnings.length > 0) {
      const noted = { ...context, commandId: derivedId(context.commandId, 'noted') };
      await this.licenses.update(workerId, noted, (license) => {
        if (isFound) license.found(readAt);
        for (const { of, expires } of warnings) license.warnOfExpiry(of, expires, now);
      });
    }
    if (status === worker.licenseStatus) return;
    await this.commands.execute(new UpdateLicense(workerId, status, null, context));
  }

  private tellUnknown(reading: LicenseReading, workerId: string): void {
    for (const word of unknownWords(reading)) {
      if (this.told.has(word)) continue;
      this.told.add(word);
      this.logger.warn(
        { workerId, word },
        'CML says something of its licence that nobody knows: taken as INVALID',
      );
    }
  }
}
