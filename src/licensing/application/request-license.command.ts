import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError } from '../../kernel/domain-error';
import { type Secret } from '../../kernel/secret';
import { type Operation } from '../../operations';
import { SecretVault } from '../../secrets';
import { GetWorker } from '../../workers';
import { LicensePoolRepository } from '../domain/license-pool-ports';
import { type WantedLicense } from '../domain/wanted-license';
import { WorkerLicenses } from '../domain/worker-license-ports';
import { LicenseRequests, mustHaveServer } from './license-requests';

/** What a worker is to be licensed with: a token of its own, or a seat in a pool. */
export interface LicenseOrder extends Pick<
  WantedLicense,
  'productLicense' | 'features' | 'transport' | 'reregister'
> {
  readonly source: { readonly token: Secret } | { readonly poolId: string };
}

/**
 * The worker is to have a licence. Answers the operation that sees to it.
 * @throws WorkerNotFound, LicenseNotPossible, LicensePoolNotFound, LicenseBusy, LicenseHeld
 */
export class RequestLicense extends Command<Operation> {
  constructor(
    readonly workerId: string,
    readonly order: LicenseOrder,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** The token is in the vault before anything names it. A crash in between leaves one there that nobody uses. */
@CommandHandler(RequestLicense)
export class RequestLicenseHandler implements ICommandHandler<RequestLicense> {
  constructor(
    private readonly requests: LicenseRequests,
    private readonly licenses: WorkerLicenses,
    private readonly pools: LicensePoolRepository,
    private readonly vault: SecretVault,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, order, context }: RequestLicense): Promise<Operation> {
    mustHaveServer(await this.queries.execute(new GetWorker(workerId, null, context.reach)));
    const { source, ...rest } = order;
    if ('poolId' in source) return this.ofPool(workerId, { ...rest, poolId: source.poolId }, context);
    const known = await this.knownToken(workerId, source.token);
    if (known) return this.ask(workerId, { ...rest, poolId: null, ...known }, context);
    const { ref, fingerprint } = await this.vault.put(source.token);
    const wanted = { ...rest, poolId: null, tokenRef: ref, fingerprint };
    const asked = this.ask(workerId, wanted, context);
    const operation = await asked.catch(async (error: unknown) => {
      // of what is not known to have failed it may be the token
      if (error instanceof DomainError && error.kind !== 'unavailable') await this.vault.remove(ref);
      throw error;
    });
    const { state } = await this.licenses.of(workerId);
    // a repetition: the token of the first try is the one that counts
    if (state.wanted?.tokenRef !== ref) await this.vault.remove(ref);
    return operation;
  }

  /** The token that is wanted already stays the same one, also where a key since gives it another fingerprint. */
  private async knownToken(
    workerId: string,
    token: Secret,
  ): Promise<Pick<WantedLicense, 'tokenRef' | 'fingerprint'> | null> {
    const { wanted } = (await this.licenses.of(workerId)).state;
    if (wanted?.tokenRef == null || !(await this.vault.holds(wanted.tokenRef, token))) return null;
    return { tokenRef: wanted.tokenRef, fingerprint: wanted.fingerprint };
  }

  private async ofPool(
    workerId: string,
    { poolId, transport, ...rest }: Omit<LicenseOrder, 'source'> & { readonly poolId: string },
    context: CommandContext,
  ): Promise<Operation> {
    const { smartServer } = (await this.pools.get(poolId)).state;
    const ofPool = smartServer === null ? null : { smartServer };
    const token = { tokenRef: null, fingerprint: null };
    return this.ask(workerId, { ...rest, ...token, poolId, transport: transport ?? ofPool }, context);
  }

  private async ask(workerId: string, wanted: WantedLicense, context: CommandContext): Promise<Operation> {
    let replaced: string | null = null;
    const operation = await this.requests.ask(workerId, 'license-register', context, (license, asking) => {
      replaced = license.state.wanted?.tokenRef ?? null;
      license.request(wanted, asking);
    });
    if (replaced !== null && replaced !== wanted.tokenRef) await this.vault.remove(replaced);
    return operation;
  }
}
