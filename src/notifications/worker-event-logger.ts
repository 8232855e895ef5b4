import { Logger } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import {
  type CMLServiceStatusUpdatedDomainEvent,
  type LicenseEnd,
  type StatusChecks,
  waitsForAPerson,
  WORKER_EVENTS,
  type WorkerEvent,
} from '../workers';

type ServiceChange = CMLServiceStatusUpdatedDomainEvent['data'];

/** Events that come and go with every observation: worth a line only to somebody who looks closely. */
const ROUTINE: ReadonlySet<WorkerEvent['type']> = new Set<WorkerEvent['type']>([
  'worker.telemetry-updated',
  'worker.endpoint-updated',
  'worker.version-updated',
  'worker.call-answered',
]);

/** What a person should look at some time soon. */
const WARNINGS: ReadonlySet<WorkerEvent['type']> = new Set<WorkerEvent['type']>([
  'worker.drift-detected',
  'worker.stop-forced',
  'worker.scheduled-events-updated',
  'worker.spot-interruption-updated',
]);

/**
 * One log line per event of a worker, for people who follow the log; the audit trail is the event store. The bus
 * delivers only what this process stored, so that each event is logged by one replica.
 */
@EventsHandler(...WORKER_EVENTS)
export class WorkerEventLogger implements IEventHandler<WorkerEvent> {
  private readonly logger = new Logger('WorkerEvents');

  handle(event: WorkerEvent): void {
    const { type, aggregateId: workerId, record } = event;
    // below a name of their own: a line within a request has the request's correlation id at its top
    const stored = {
      id: record?.id ?? null,
      actor: record?.actor ?? null,
      reason: record?.reason ?? null,
      correlationId: record?.correlationId ?? null,
    };
    this.logger[levelOf(event)]({ workerId, event: stored, ...detailOf(event) }, type);
  }
}

/** A person must look at a worker that nobody can tell anything of, and at one that AWS does not let become as wanted. */
function levelOf(event: WorkerEvent): 'error' | 'warn' | 'log' | 'debug' {
  if (event.type === 'worker.transition-overdue') return 'error';
  if (event.type === 'worker.status-checks-updated') return isImpaired(event.data.checks) ? 'error' : 'log';
  if (event.type === 'worker.service-status-updated') return levelOfService(event.data);
  if (event.type === 'worker.certificate-updated') return event.data.certificate.presented ? 'error' : 'log';
  if (WARNINGS.has(event.type)) return 'warn';
  if (event.type === 'worker.status-updated' && event.data.newStatus === 'UNKNOWN') return 'warn';
  if (event.type === 'worker.launch-failed') return 'warn';
  if (event.type === 'worker.license-updated')
    return BROKEN.includes(event.data.licenseStatus) ? 'error' : 'log';
  if (event.type === 'worker.termination-prepared') return isLeft(event.data.license) ? 'warn' : 'log';
  if (event.type === 'worker.status-reason-updated') return event.data.reason ? 'warn' : 'debug';
  return ROUTINE.has(event.type) ? 'debug' : 'log';
}

/** Labs will not start any more: a person must bring a licence that covers them. */
const BROKEN: readonly string[] = ['EXPIRED', 'INVALID'];

function isLeft(license: LicenseEnd): boolean {
  return license === 'left-over' || license === 'not-released';
}

/** What waiting cures is a warning only. */
function levelOfService({ newServiceStatus, reason }: ServiceChange): 'error' | 'warn' | 'log' {
  if (newServiceStatus !== 'ERROR') return 'log';
  return waitsForAPerson(reason) ? 'error' : 'warn';
}

function isImpaired({ system, instance }: StatusChecks): boolean {
  return system === 'impaired' || instance === 'impaired';
}

/** What a line needs beside the event's name to be understood. */
function detailOf(event: WorkerEvent): object {
  switch (event.type) {
    case 'worker.status-updated':
      return { from: event.data.oldStatus, to: event.data.newStatus };
    case 'worker.service-status-updated': {
      const { oldServiceStatus, newServiceStatus, reason } = event.data;
      const why = { code: reason?.code ?? null, detail: reason?.message ?? null };
      return { from: oldServiceStatus, to: newServiceStatus, ...why };
    }
    case 'worker.certificate-updated':
      return { ...event.data.certificate, acceptedBy: event.data.acceptedBy };
    case 'worker.desired-state-updated':
      return { desiredState: event.data.desired.state };
    case 'worker.launch-failed':
    case 'worker.status-reason-updated':
      return { code: event.data.reason?.code ?? null, detail: event.data.reason?.message ?? null };
    case 'worker.drift-detected': {
      const { attribute, wanted, found, policy } = event.data;
      return { attribute, wanted, found, policy };
    }
    case 'worker.transition-overdue':
      return { status: event.data.status, since: event.data.since, budgetMinutes: event.data.budgetMinutes };
    case 'worker.status-checks-updated':
      return { checks: event.data.checks };
    case 'worker.scheduled-events-updated':
      return { scheduledEvents: event.data.scheduledEvents };
    case 'worker.license-updated':
      return { licenseStatus: event.data.licenseStatus };
    case 'worker.termination-prepared':
      return { license: event.data.license, topologiesKept: event.data.topologiesKept };
    case 'worker.spot-interruption-updated':
      return { code: event.data.interruption?.code ?? null };
    default:
      return {};
  }
}
