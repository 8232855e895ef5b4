import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { AggregateDirectory, DirectoryFeed, EventRegistry } from '../event-store';
import { DirectorySecretHolder, SecretHolders } from '../secrets';
import { DeliveriesController } from './api/deliveries.controller';
import { WebhooksController } from './api/webhooks.controller';
import { CreateWebhookHandler } from './application/create-webhook.command';
import { DeleteWebhookHandler } from './application/delete-webhook.command';
import { GetWebhookHandler } from './application/get-webhook.query';
import { ListDeliveriesHandler } from './application/list-deliveries.query';
import { ListWebhooksHandler } from './application/list-webhooks.query';
import { RedeliverHandler, ReplayParkedHandler } from './application/redeliver.command';
import { RotateSecretHandler } from './application/rotate-secret.command';
import { TestWebhookHandler } from './application/test-webhook.command';
import { UpdateWebhookHandler } from './application/update-webhook.command';
import { WebhookDirectory } from './application/webhook-directory';
import { WebhookSubscriptions } from './application/webhook-subscriptions';
import { WebhooksSchedules } from './application/webhooks.schedules';
import { WebhookPoster } from './domain/ports';
import { secretRefsOf, type Webhook, type WebhookState } from './domain/webhook';
import { WEBHOOK_EVENTS } from './domain/webhook-events';
import { webhooksProviders } from './webhooks.providers';

export interface WebhooksModuleOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** networks that are not public and may be sent to all the same, in CIDR notation */
  readonly allowedNetworks: readonly string[];
  /** off in tests that send by hand */
  readonly autostart: boolean;
}

const OPTIONS = Symbol('WebhooksModuleOptions');

/**
 * Tells programs of others what happens. The clocks, IdSource, the event store, the vault of secrets and the buses are
 * the root's to provide.
 */
@Module({})
export class WebhooksModule
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly webhooks: AggregateDirectory<Webhook, WebhookState>,
    private readonly directory: WebhookDirectory,
    private readonly subscriptions: WebhookSubscriptions,
    private readonly schedules: WebhooksSchedules,
    private readonly poster: WebhookPoster,
    private readonly holders: SecretHolders,
    @Inject(OPTIONS) private readonly options: WebhooksModuleOptions,
  ) {}

  static forRoot(options: WebhooksModuleOptions): DynamicModule {
    return {
      module: WebhooksModule,
      controllers: [WebhooksController, DeliveriesController],
      providers: [
        ...[CreateWebhookHandler, UpdateWebhookHandler, DeleteWebhookHandler, RotateSecretHandler],
        ...[GetWebhookHandler, ListWebhooksHandler, ListDeliveriesHandler],
        ...[TestWebhookHandler, RedeliverHandler, ReplayParkedHandler],
        ...webhooksProviders(options),
        { provide: OPTIONS, useValue: options },
      ],
      exports: [WebhooksSchedules],
    };
  }

  onModuleInit(): void {
    this.registry.register(WEBHOOK_EVENTS);
    this.holders.add(new DirectorySecretHolder('webhooks', this.feed, this.webhooks, secretRefsOf));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.directory.listen(() => void this.subscriptions.sync());
    await this.feed.fill(this.webhooks);
    await this.subscriptions.sync();
    if (this.options.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.poster.close();
  }
}
