import { CqrsModule } from '@nestjs/cqrs';
import { AggregateStores } from '../../event-store';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { RandomIds } from '../../kernel/ids';
import { Secret } from '../../kernel/secret';
import { AccessModule } from '../access.module';
import { ApiKey } from '../domain/api-key';
import { ApiKeyCreated, ApiKeyRevoked } from '../domain/api-key-events';
import { ApiKeyRepository } from '../domain/ports';
import { API_KEY_DEFINITION } from '../persistence/api-key-definition';
import { EventSourcedApiKeyRepository } from '../persistence/event-sourced.api-key-repository';
import { anApiKeyDirectory } from '../testing/api-key-directory';
import { BootstrapAdmin, type BootstrapOptions } from './bootstrap-admin';
import { RandomKeyGenerator } from './key-text';

const KEY = 'the-first-key-of-the-first-admin-1234';

describe('BootstrapAdmin', () => {
  let http: HttpApp | null = null;
  afterEach(async () => {
    await http?.close();
    http = null;
  });

  const start = async (options: BootstrapOptions) => {
    const access = AccessModule.forRoot({ persistence: 'memory', ...options });
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), access], roleKeys: false });
    return http;
  };
  const status = async (app: HttpApp, key: string) =>
    (await app.call('GET', '/api/v1/api-keys', { headers: { Authorization: `Bearer ${key}` } })).status;

  it('makes the configured key an admin key', async () => {
    const generated: Secret[] = [];
    const app = await start({ bootstrapKey: new Secret(KEY), onGenerated: (key) => generated.push(key) });
    expect(await status(app, KEY)).toBe(200);
    expect(generated).toEqual([]);
  });

  it('makes a key up and shows it once', async () => {
    const generated: Secret[] = [];
    const app = await start({ bootstrapKey: null, onGenerated: (key) => generated.push(key) });
    expect(generated).toHaveLength(1);
    expect(await status(app, generated[0]?.reveal() ?? '')).toBe(200);
  });

  it('does not start without any key', async () => {
    await expect(start({ bootstrapKey: null, onGenerated: null })).rejects.toThrow('there is no API key yet');
  });

  it('lets one of two processes win that start at the same moment', async () => {
    const app = await start({ bootstrapKey: new Secret(KEY), onGenerated: null });
    const shown: Secret[] = [];
    const other = another(app, repositoryOf(app), { onGenerated: (key) => shown.push(key) });
    await other.run();
    expect(shown).toEqual([]);
    expect(await status(app, KEY)).toBe(200);
  });

  it('does nothing once any key exists, be it revoked', async () => {
    const app = await start({ bootstrapKey: new Secret(KEY), onGenerated: null });
    const directory = anApiKeyDirectory();
    const created = new ApiKeyCreated('k1', { ...GIVEN, createdAt: app.clock.now() });
    directory.put(ApiKey.restore('k1', [created, new ApiKeyRevoked('k1', REVOCATION)]));
    await another(app, new NothingToAdd(), { bootstrapKey: new Secret(KEY) }, directory).run();
  });

  const repositoryOf = ({ app }: HttpApp) =>
    new EventSourcedApiKeyRepository(app.get(AggregateStores, { strict: false }).open(API_KEY_DEFINITION));

  /** What another process would run over the same store. */
  const another = (
    app: HttpApp,
    keys: ApiKeyRepository,
    options: Partial<BootstrapOptions>,
    directory = anApiKeyDirectory(),
  ) => {
    const all = { bootstrapKey: null, onGenerated: null, ...options };
    return new BootstrapAdmin(directory, keys, new RandomKeyGenerator(), app.clock, new RandomIds(), all);
  };
});

const GIVEN = {
  name: 'gone',
  role: 'viewer',
  scope: null,
  hash: 'h',
  prefix: 'cmlf_abcd',
  expiresAt: null,
  createdBy: 'system:test',
} as const;
const REVOCATION = { revokedAt: new Date('2027-01-01T12:00:00Z'), revokedBy: 'system:test' };

class NothingToAdd extends ApiKeyRepository {
  add(): never {
    throw new Error('a key was added');
  }

  update(): never {
    throw new Error('a key was changed');
  }
}
