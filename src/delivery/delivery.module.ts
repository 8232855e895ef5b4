import { Module } from '@nestjs/common';
import { SubscriptionsController } from './api/subscriptions.controller';
import { ListParkedStreamsHandler } from './application/list-parked-streams.query';
import { ListSubscriptionsHandler } from './application/list-subscriptions.query';
import { RetryParkedStreamsHandler } from './application/retry-parked-streams.command';

/** What people see of the delivery of the log, and do about it. The event store and the buses are the root's to provide. */
@Module({
  controllers: [SubscriptionsController],
  providers: [ListSubscriptionsHandler, ListParkedStreamsHandler, RetryParkedStreamsHandler],
})
export class DeliveryModule {}
