import { Logger } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { WORKER_EVENTS, type WorkerEvent } from '../workers';

/** Events that come and go with every observation: worth a line only to somebody who looks closely. */
const ROUTINE: ReadonlySet<WorkerEvent['type']> = new Set<WorkerEvent['type']>([
  'worker.telemetry-updated',
  'worker.endpoint-updated',
  'worker.version-updated',
  'worker.call-answered',
  'worker.status-reason-updated',
]);

/**
 * One log line per event of a worker, for people who follow the log; the audit trail is the event store. The bus
 * delivers only what this process stored, so that each event is logged by one replica.
 */
@EventsHandler(...WORKER_EVENTS)
export class WorkerEventLogger implements IEventHandler<WorkerEvent> {
  private readonly logger = new Logger('WorkerEvents');

  handle({ type, aggregateId, record }: WorkerEvent): void {
    const fields = {
      eventId: record?.id ?? null,
      workerId: aggregateId,
      actor: record?.actor ?? null,
      reason: record?.reason ?? null,
      correlationId: record?.correlationId ?? null,
    };
    this.logger[ROUTINE.has(type) ? 'debug' : 'log'](fields, type);
  }
}
