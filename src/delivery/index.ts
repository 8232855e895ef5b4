export { ListSubscriptions, type SubscriptionStatus } from './application/list-subscriptions.query';
export { DeliveryModule } from './delivery.module';
