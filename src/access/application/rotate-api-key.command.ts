import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock, MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { ApiKeyRepository, KeyGenerator } from '../domain/ports';
import { type CreatedKey } from './create-api-key.command';
import { ApiKeyDirectory } from './api-key-directory';
import { traceOfKey } from './key-text';

/** Minutes that the text before opens at least where its key is the last admin's: who lost the answer rotates again with it. */
const LAST_ADMIN_OVERLAP = 10;

/**
 * The key has a new text from now on; who holds it, and what it may do, stay. The text before opens for the overlap as
 * well (machine minutes), and without one no longer: here at once, in other processes within a second. The last admin's
 * opens for ten minutes at least.
 */
export class RotateApiKey extends Command<CreatedKey> {
  constructor(
    readonly keyId: string,
    readonly overlapMinutes: number,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RotateApiKey)
export class RotateApiKeyHandler implements ICommandHandler<RotateApiKey> {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly directory: ApiKeyDirectory,
    private readonly generator: KeyGenerator,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  /** @throws ApiKeyNotFound, ApiKeyEnded, VersionConflict */
  async execute({ keyId, overlapMinutes, context }: RotateApiKey): Promise<CreatedKey> {
    const text = this.generator.generate();
    const trace = traceOfKey(text);
    const { id, state } = await this.keys.update(keyId, context, (key) => {
      const machine = this.machine.now();
      const least = this.directory.isLastAdmin(keyId, machine) ? LAST_ADMIN_OVERLAP : 0;
      const overlap = Math.max(overlapMinutes, least);
      const overlapUntil = overlap > 0 ? plus(machine, overlap * MINUTE) : null;
      key.rotate({ ...trace, overlapUntil, by: context.actor }, { fleet: this.clock.now(), machine });
    });
    return { id, state, key: state.hash === trace.hash ? text : null };
  }
}
