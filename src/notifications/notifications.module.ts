import { Module } from '@nestjs/common';
import { LicenseEventLogger } from './license-event-logger';
import { WorkerEventLogger } from './worker-event-logger';

/** Writes what happens in the fleet to the log. */
@Module({
  providers: [WorkerEventLogger, LicenseEventLogger],
})
export class NotificationsModule {}
