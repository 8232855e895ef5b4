export { WebhooksModule } from './webhooks.module';
export { WebhooksSchedules } from './application/webhooks.schedules';
