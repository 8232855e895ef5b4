import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt } from './wish-of';

/** A person has checked the certificate that the server shows. @throws CertificateMismatch when it shows another */
export class AcceptCertificate extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    /** SHA-256, `AB:CD:…` */
    readonly fingerprint: string,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(AcceptCertificate)
export class AcceptCertificateHandler implements ICommandHandler<AcceptCertificate> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({
    workerId,
    fingerprint,
    context,
    expectedRevision,
  }: AcceptCertificate): Promise<WorkerState> {
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.acceptCertificate(fingerprint, context.actor, this.clock.now());
    });
    return worker.state;
  }
}
