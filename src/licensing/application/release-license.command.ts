import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { type Operation } from '../../operations';
import { SecretVault } from '../../secrets';
import { GetWorker } from '../../workers';
import { LicenseRequests, mustHaveServer } from './license-requests';

/**
 * The worker's licence is to be given back; its token leaves the vault at once. Answers the operation that sees to it.
 * @throws WorkerNotFound, LicenseNotPossible, LicenseBusy
 */
export class ReleaseLicense extends Command<Operation> {
  constructor(
    readonly workerId: string,
    /** whether labs are stopped where they are in the way */
    readonly stopLabs: boolean,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReleaseLicense)
export class ReleaseLicenseCommandHandler implements ICommandHandler<ReleaseLicense> {
  constructor(
    private readonly requests: LicenseRequests,
    private readonly vault: SecretVault,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, stopLabs, context }: ReleaseLicense): Promise<Operation> {
    mustHaveServer(await this.queries.execute(new GetWorker(workerId, null, context.reach)));
    let dropped: string | null = null;
    const operation = await this.requests.ask(workerId, 'license-release', context, (license, asking) => {
      dropped = license.state.wanted?.tokenRef ?? null;
      license.requestRelease(stopLabs, asking);
    });
    if (dropped !== null) await this.vault.remove(dropped);
    return operation;
  }
}
