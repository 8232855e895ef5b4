import { Logger } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { WORKER_LICENSE_EVENTS, type WorkerLicenseEvent } from '../licensing';

type Level = 'error' | 'warn' | 'log' | 'debug';

/** What a person must see to is an error, what should be looked at soon a warning; the steps of an operation are for who looks closely. */
const LEVELS: Readonly<Record<WorkerLicenseEvent['type'], Level>> = {
  'worker-license.requested': 'log',
  'worker-license.release-requested': 'log',
  'worker-license.renewal-requested': 'log',
  'worker-license.call-sent': 'debug',
  'worker-license.call-refused': 'debug',
  'worker-license.registered': 'log',
  'worker-license.renewed': 'log',
  'worker-license.failed': 'warn',
  'worker-license.released': 'log',
  'worker-license.left-over': 'error',
  'worker-license.found': 'warn',
  'worker-license.expiry-warned': 'warn',
};

/** One log line per event of a worker's licence; alarms of what is left over, and of what ends soon, are among them. */
@EventsHandler(...WORKER_LICENSE_EVENTS)
export class LicenseEventLogger implements IEventHandler<WorkerLicenseEvent> {
  private readonly logger = new Logger('LicenseEvents');

  handle(event: WorkerLicenseEvent): void {
    const { type, aggregateId: workerId, record } = event;
    const stored = {
      id: record?.id ?? null,
      actor: record?.actor ?? null,
      correlationId: record?.correlationId ?? null,
    };
    this.logger[LEVELS[type]]({ workerId, event: stored, ...detailOf(event) }, type);
  }
}

function detailOf(event: WorkerLicenseEvent): object {
  switch (event.type) {
    case 'worker-license.failed':
      return { code: event.data.code, detail: event.data.message };
    case 'worker-license.left-over':
      return { detail: event.data.reason };
    case 'worker-license.released':
      return { outcome: event.data.outcome };
    case 'worker-license.expiry-warned':
      return { of: event.data.of, expires: event.data.expires };
    default:
      return {};
  }
}
