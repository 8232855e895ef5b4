import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { KeyUsage } from '../domain/ports';
import {
  ApiKeyDirectory,
  comparePositions,
  type KeyPosition,
  type ListedKey,
  positionOf,
} from './api-key-directory';

export interface KeyWithUse extends ListedKey {
  /** machine time, exact to a minute; null if it was never used */
  readonly lastUsedAt: Date | null;
}

/** The first `limit` keys after a position, or from the beginning: those that are not revoked, oldest first. */
export class ListApiKeys extends Query<KeyWithUse[]> {
  constructor(
    readonly limit: number,
    readonly after: KeyPosition | null,
  ) {
    super();
  }
}

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys> {
  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly usage: KeyUsage,
  ) {}

  async execute({ limit, after }: ListApiKeys): Promise<KeyWithUse[]> {
    const keys = this.directory
      .list()
      .filter((key) => !after || comparePositions(positionOf(key), after) > 0)
      .slice(0, limit);
    const uses = await this.usage.lastUses(keys.map(({ id }) => id));
    return keys.map((key) => ({ ...key, lastUsedAt: uses.get(key.id) ?? null }));
  }
}
