import { Module } from '@nestjs/common';
import { LicenseEventLogger } from './license-event-logger';
import { LogNotifier } from './log-notifier';
import { Notifier } from './notifier';
import { WorkerEventLogger } from './worker-event-logger';

/** Tells people what happens in the fleet. */
@Module({
  providers: [WorkerEventLogger, LicenseEventLogger, { provide: Notifier, useClass: LogNotifier }],
  exports: [Notifier],
})
export class NotificationsModule {}
