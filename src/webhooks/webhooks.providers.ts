import { Logger, type Provider } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import {
  AggregateDirectory,
  AggregateStores,
  checkedProvider,
  DirectoryFeed,
  EventDecoder,
  EventStore,
  Installation,
  LeaseOwner,
  SubscriptionHost,
} from '../event-store';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { MetricsRegistry } from '../metrics';
import { SecretVault } from '../secrets';
import { DeliveryAttempt } from './application/delivery-attempt';
import { DeliveryMaker } from './application/delivery-maker';
import { WebhookDirectory } from './application/webhook-directory';
import { WebhookSender } from './application/webhook-sender';
import { WebhookSubscriptions } from './application/webhook-subscriptions';
import { WebhooksSchedules } from './application/webhooks.schedules';
import {
  Deliveries,
  SecretGenerator,
  TargetPolicy,
  WebhookPoster,
  WebhookRepository,
  WebhookSigner,
} from './domain/ports';
import { type Webhook, type WebhookState } from './domain/webhook';
import { RandomSecretGenerator, StandardSigner } from './outbound/standard-signer';
import { TargetNetworks } from './outbound/target-networks';
import { UndiciPoster } from './outbound/undici-poster';
import { EventSourcedWebhookRepository } from './persistence/event-sourced.webhook-repository';
import { MemoryDeliveries } from './persistence/memory-deliveries';
import { MongoDeliveries } from './persistence/mongo-deliveries';
import { WEBHOOK_DEFINITION } from './persistence/webhook-definition';
import { WebhookMetrics } from './webhook-metrics';

export interface WebhooksPartsOptions {
  readonly persistence: 'memory' | 'mongo';
  readonly allowedNetworks: readonly string[];
}

/** What the webhooks are made from, but for commands and queries. */
export function webhooksProviders({ persistence, allowedNetworks }: WebhooksPartsOptions): Provider[] {
  const networks = new TargetNetworks(allowedNetworks);
  return [
    deliveries(persistence),
    { provide: TargetPolicy, useValue: networks },
    { provide: WebhookSigner, useClass: StandardSigner },
    { provide: SecretGenerator, useClass: RandomSecretGenerator },
    checkedProvider(WebhookPoster, [MachineClock], (clock) => new UndiciPoster({ networks, clock })),
    checkedProvider(
      AggregateDirectory<Webhook, WebhookState>,
      [EventDecoder],
      (decoder) => new AggregateDirectory(WEBHOOK_DEFINITION, decoder, report),
    ),
    checkedProvider(
      WebhookDirectory,
      [AggregateDirectory<Webhook, WebhookState>],
      (webhooks) => new WebhookDirectory(webhooks),
    ),
    checkedProvider(
      WebhookRepository,
      [AggregateStores, WebhookDirectory],
      (stores, directory) =>
        new EventSourcedWebhookRepository(
          stores.open(WEBHOOK_DEFINITION, (_commit, _events, webhook) => directory.put(webhook)),
        ),
    ),
    checkedProvider(
      DeliveryMaker,
      [EventDecoder, Installation],
      (decoder, installation) => new DeliveryMaker(decoder, installation),
    ),
    ...sending(),
  ];
}

function sending(): Provider[] {
  return [
    checkedProvider(WebhookMetrics, [MetricsRegistry], (registry) => new WebhookMetrics(registry)),
    checkedProvider(
      DeliveryAttempt,
      [
        WebhookRepository,
        Deliveries,
        SecretVault,
        WebhookSigner,
        WebhookPoster,
        MachineClock,
        FleetClock,
        WebhookMetrics,
      ],
      (webhooks, deliveries, vault, signer, poster, clock, fleet, metrics) =>
        new DeliveryAttempt({
          ...{ webhooks, deliveries, vault, signer, poster, clock, fleet },
          random: Math.random,
          onTry: (outcome) => metrics.count(outcome),
          onDisabled: (webhookId, reason) => logger.warn({ webhookId, reason }, 'webhook disabled'),
        }),
    ),
    checkedProvider(
      WebhookSender,
      [Deliveries, WebhookDirectory, DeliveryAttempt, LeaseOwner],
      (deliveries, directory, attempt, { name: owner }) =>
        new WebhookSender({ deliveries, directory, attempt, owner, report }),
    ),
    checkedProvider(
      WebhookSubscriptions,
      [
        EventStore,
        SubscriptionHost,
        WebhookDirectory,
        DirectoryFeed,
        Deliveries,
        SecretVault,
        DeliveryMaker,
        WebhookSender,
        MachineClock,
      ],
      (store, host, directory, feed, deliveries, vault, maker, sender, clock) =>
        new WebhookSubscriptions({
          ...{ store, host, directory, feed, deliveries, vault, maker, sender, clock, report },
        }),
    ),
    checkedProvider(
      WebhooksSchedules,
      [WebhookSender, WebhookSubscriptions, MachineClock],
      (sender, subscriptions, clock) => new WebhooksSchedules(sender, subscriptions, clock, report),
    ),
  ];
}

function deliveries(persistence: 'memory' | 'mongo'): Provider {
  if (persistence === 'memory') {
    return checkedProvider(Deliveries, [MachineClock], (clock) => new MemoryDeliveries(clock));
  }
  return {
    provide: Deliveries,
    inject: [getConnectionToken(), MachineClock],
    useFactory: (connection: Connection, clock: MachineClock) => MongoDeliveries.open(connection, clock),
  };
}

const logger = new Logger('Webhooks');

/** A database that is away comes back; anything else needs a person. */
function report(error: unknown, during: string): void {
  const level = error instanceof StoreUnavailable ? 'warn' : 'error';
  logger[level]({ err: error }, `failed to ${during}`);
}
