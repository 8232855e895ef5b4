export { WEBHOOK_EVENTS } from './domain/webhook-events';
export { WEBHOOK_DEFINITION } from './persistence/webhook-definition';
export { WebhooksModule } from './webhooks.module';
