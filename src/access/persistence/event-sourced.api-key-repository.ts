import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { type ApiKey, type ApiKeyState } from '../domain/api-key';
import { ApiKeyRepository } from '../domain/ports';

export class EventSourcedApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly keys: AggregateStore<ApiKey, ApiKeyState>) {
    super();
  }

  async add(key: ApiKey, context: CommandContext): Promise<ApiKey> {
    return (await this.keys.create(key, context)).aggregate;
  }

  async update(id: string, context: CommandContext, decide: (key: ApiKey) => void): Promise<ApiKey> {
    return (await this.keys.change(id, context, decide)).aggregate;
  }
}
