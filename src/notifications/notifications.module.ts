import { Module } from '@nestjs/common';
import { LogNotifier } from './log-notifier';
import { Notifier } from './notifier';
import { WorkerEventLogger } from './worker-event-logger';

/** Tells people what happens in the fleet. */
@Module({
  providers: [WorkerEventLogger, { provide: Notifier, useClass: LogNotifier }],
  exports: [Notifier],
})
export class NotificationsModule {}
