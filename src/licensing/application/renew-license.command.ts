import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { type Operation } from '../../operations';
import { GetWorker } from '../../workers';
import { LicenseRequests, mustHaveServer } from './license-requests';

/**
 * Registration and authorization of the worker's server are to be renewed before their time. Answers the operation that
 * sees to it. @throws WorkerNotFound, LicenseNotPossible, LicenseBusy
 */
export class RenewLicense extends Command<Operation> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RenewLicense)
export class RenewLicenseCommandHandler implements ICommandHandler<RenewLicense> {
  constructor(
    private readonly requests: LicenseRequests,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, context }: RenewLicense): Promise<Operation> {
    mustHaveServer(await this.queries.execute(new GetWorker(workerId, null, context.reach)));
    return this.requests.ask(workerId, 'license-renew', context, (license, asking) =>
      license.requestRenewal(asking),
    );
  }
}
