import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { type Role } from '../../kernel/principal';
import { type Scope } from '../../kernel/reach';
import { type Secret } from '../../kernel/secret';
import { ApiKey, type ApiKeyState } from '../domain/api-key';
import { ApiKeyRepository, KeyGenerator } from '../domain/ports';
import { traceOfKey } from './key-text';

export interface CreatedKey {
  readonly id: string;
  readonly state: ApiKeyState;
  /** Null when the command was carried out before: the key was shown then, and is not known any more. */
  readonly key: Secret | null;
}

export interface WantedKey {
  readonly name: string;
  readonly role: Role;
  /** null: the whole fleet; for a `user` what is assigned to the key */
  readonly scope: Scope | null;
  /** machine time; null: never */
  readonly expiresAt: Date | null;
}

/** @throws InvalidInput for an expiry that is past */
export class CreateApiKey extends Command<CreatedKey> {
  constructor(
    readonly wanted: WantedKey,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateApiKey)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKey> {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly generator: KeyGenerator,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  async execute({ wanted, context }: CreateApiKey): Promise<CreatedKey> {
    if (wanted.expiresAt && wanted.expiresAt <= this.machine.now()) {
      throw new InvalidInput([{ pointer: '/expiresAt', message: 'must be in the future' }]);
    }
    const text = this.generator.generate();
    const trace = traceOfKey(text);
    const createdBy = context.actor;
    const wish = ApiKey.create(derivedId('api-key', context.commandId), {
      ...wanted,
      ...trace,
      createdAt: this.clock.now(),
      createdBy,
    });
    const { id, state } = await this.keys.add(wish, context);
    return { id, state, key: state.hash === trace.hash ? text : null };
  }
}
