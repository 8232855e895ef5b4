import { type CommandContext } from '../../kernel/command-context';
import { type Secret } from '../../kernel/secret';
import { type ApiKey } from './api-key';

/** Where new keys come from. */
export abstract class KeyGenerator {
  /** The text of a key that nobody can guess. */
  abstract generate(): Secret;
}

export abstract class ApiKeyRepository {
  /**
   * Stores a new key. A repetition of the command answers the key that its first try stored.
   * @throws VersionConflict when another command created a key with this id
   */
  abstract add(key: ApiKey, context: CommandContext): Promise<ApiKey>;

  /** Lets `decide` act on the key and stores what it recorded. @throws ApiKeyNotFound, VersionConflict */
  abstract update(id: string, context: CommandContext, decide: (key: ApiKey) => void): Promise<ApiKey>;
}

/** When each key was used last: not an event, since it changes by the minute and nobody decides by it. */
export abstract class KeyUsage {
  /** The key was used at a time (machine time). An earlier time than the stored one changes nothing. */
  abstract record(keyId: string, at: Date): Promise<void>;

  /** Keys that were never used are missing. */
  abstract lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
}
