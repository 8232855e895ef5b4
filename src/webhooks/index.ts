export { StandardSigner } from './outbound/standard-signer';
export { TargetNetworks } from './outbound/target-networks';
export { UndiciPoster } from './outbound/undici-poster';
export { WEBHOOK_EVENTS } from './domain/webhook-events';
export { WEBHOOK_DEFINITION } from './persistence/webhook-definition';
export { WebhooksSchedules } from './application/webhooks.schedules';
export { WebhooksModule } from './webhooks.module';
