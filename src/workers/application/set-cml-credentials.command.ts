import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError } from '../../kernel/domain-error';
import { type Secret } from '../../kernel/secret';
import { SecretVault } from '../../secrets';
import { WorkerRepository } from '../domain/ports';
import { WorkerNotFound } from '../domain/worker-errors';
import { type CmlCredentials, type WorkerState } from '../domain/worker-state';
import { mustBeAt } from './wish-of';

export interface GivenCredentials {
  readonly username: string;
  readonly password: Secret;
}

/**
 * The account by which the worker's CML server is asked; null: the fleet's. The same one again changes nothing, unless
 * the server refuses it: then it was repaired there, and is tried at once under a ref of its own, by every process.
 */
export class SetCmlCredentials extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly given: GivenCredentials | null,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

/**
 * The password is put before what names it is stored, and the one before is removed after that. A crash in between
 * leaves one that nobody names, which the sweep of the vault removes.
 */
@CommandHandler(SetCmlCredentials)
export class SetCmlCredentialsHandler implements ICommandHandler<SetCmlCredentials> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly vault: SecretVault,
    private readonly clock: FleetClock,
  ) {}

  /** @throws WorkerNotFound, InvalidTransition, PreconditionFailed */
  async execute(command: SetCmlCredentials): Promise<WorkerState> {
    const { workerId, given, context } = command;
    const worker = await this.workers.getById(workerId, context.reach);
    if (!worker) throw new WorkerNotFound(workerId);
    const { cmlCredentials, serviceReason } = worker.state;
    const refused = serviceReason?.code === 'credentials';
    if (given && cmlCredentials && !refused && (await this.isSame(given, cmlCredentials))) {
      return (await this.store(command, cmlCredentials)).state;
    }
    const next = given && (await this.put(given));
    const { state, before } = await this.store(command, next).catch(async (error: unknown) => {
      // of what is not known to have failed it may be the password
      const failed = error instanceof DomainError && error.kind !== 'unavailable';
      if (next && failed) await this.vault.remove(next.passwordRef);
      throw error;
    });
    const present = state.cmlCredentials?.passwordRef ?? null;
    // an earlier try of the command may have stored a ref of its own
    for (const ref of [before, next?.passwordRef ?? null]) {
      if (ref !== null && ref !== present) await this.vault.remove(ref);
    }
    return state;
  }

  private async isSame({ username, password }: GivenCredentials, present: CmlCredentials): Promise<boolean> {
    return username === present.username && this.vault.holds(present.passwordRef, password);
  }

  private async put({ username, password }: GivenCredentials): Promise<CmlCredentials> {
    const { ref, fingerprint } = await this.vault.put(password);
    return { username, passwordRef: ref, fingerprint };
  }

  /** With the ref of the password that was replaced; null: none was, or by an earlier try. */
  private async store(
    { workerId, context, expectedRevision }: SetCmlCredentials,
    next: CmlCredentials | null,
  ): Promise<{ readonly state: WorkerState; readonly before: string | null }> {
    let before: string | null = null;
    const { state } = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      before = worker.state.cmlCredentials?.passwordRef ?? null;
      worker.setCmlCredentials(next, this.clock.now());
    });
    return { state, before };
  }
}
