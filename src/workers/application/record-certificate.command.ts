import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';

/** The certificate that the CML server showed: pinned at first sight, else held against the pinned one. */
export class RecordCertificate extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly fingerprint: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordCertificate)
export class RecordCertificateHandler implements ICommandHandler<RecordCertificate> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, fingerprint, context }: RecordCertificate): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => worker.observeCertificate(fingerprint, now));
  }
}
