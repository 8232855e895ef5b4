import { type AggregateDefinition } from '../../event-store';
import { ApiKeyNotFound } from '../domain/access-errors';
import { ApiKey, type ApiKeyState } from '../domain/api-key';
import { type ApiKeyEvent } from '../domain/api-key-events';

/** How a key is brought back from its stream `apikey-<id>`. */
export const API_KEY_DEFINITION: AggregateDefinition<ApiKey, ApiKeyState> = {
  streamPrefix: 'apikey',
  snapshotSchema: 2,
  restore: (id, events, from) => ApiKey.restore(id, events as readonly ApiKeyEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as ApiKeyState,
  missing: (id) => new ApiKeyNotFound(id),
};
