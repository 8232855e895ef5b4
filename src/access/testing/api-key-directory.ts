import { AggregateDirectory, EventRegistry } from '../../event-store';
import { ApiKeyDirectory } from '../application/api-key-directory';
import { API_KEY_EVENTS } from '../domain/api-key-events';
import { API_KEY_DEFINITION } from '../persistence/api-key-definition';

/** An empty directory; an error that is reported to it is thrown. */
export function anApiKeyDirectory(): ApiKeyDirectory {
  const registry = new EventRegistry();
  registry.register(API_KEY_EVENTS);
  const report = (error: unknown): never => {
    throw error;
  };
  return new ApiKeyDirectory(new AggregateDirectory(API_KEY_DEFINITION, registry, report));
}
