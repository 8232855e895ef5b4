import { Logger, type LoggerService } from '@nestjs/common';
import { CqrsModule, EventBus } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerCertificateUpdatedDomainEvent,
  CMLWorkerDriftDetectedDomainEvent,
  CMLWorkerStatusChecksUpdatedDomainEvent,
  CMLWorkerStatusReasonUpdatedDomainEvent,
  CMLWorkerStatusUpdatedDomainEvent,
  CMLWorkerTransitionOverdueDomainEvent,
  CMLWorkerVersionUpdatedDomainEvent,
} from '../workers';
import { NotificationsModule } from './notifications.module';

const AT = new Date('2027-01-15T12:00:00.000Z');

describe('what is told through the log', () => {
  const lines: unknown[][] = [];
  let app: TestingModule;

  beforeAll(async () => {
    const at =
      (level: string) =>
      (...given: unknown[]) =>
        void lines.push([level, ...given]);
    const logger: LoggerService = {
      log: at('log'),
      warn: at('warn'),
      error: at('error'),
      debug: at('debug'),
    };
    app = await Test.createTestingModule({ imports: [CqrsModule.forRoot(), NotificationsModule] }).compile();
    await app.init();
    Logger.overrideLogger(logger);
  });
  afterAll(() => app.close());
  beforeEach(() => lines.splice(0));

  it('is each event of a worker, with who and why; what every observation brings only for debugging', () => {
    const meta = { actor: 'user:ann', reason: 'a course', correlationId: 'c-1', causationId: null };
    const record = { ...meta, id: 'e-1', version: 3, at: AT };
    const moved = { oldStatus: 'PENDING', newStatus: 'RUNNING', updatedAt: AT } as const;
    const bus = app.get(EventBus);
    bus.publish(new CMLWorkerStatusUpdatedDomainEvent('w-1', moved, record));
    bus.publish(
      new CMLWorkerVersionUpdatedDomainEvent('w-1', { cmlVersion: '2.9.0', updatedAt: AT }, record),
    );
    const event = { id: 'e-1', actor: 'user:ann', reason: 'a course', correlationId: 'c-1' };
    expect(lines).toEqual([
      [
        'log',
        { workerId: 'w-1', event, from: 'PENDING', to: 'RUNNING' },
        'worker.status-updated',
        'WorkerEvents',
      ],
      ['debug', { workerId: 'w-1', event }, 'worker.version-updated', 'WorkerEvents'],
    ]);
  });

  it('is an alarm where nobody can tell anything of a worker any more, and why', () => {
    const bus = app.get(EventBus);
    const reason = { code: 'lost', message: 'EC2 does not know it.', at: AT, nextTryAt: null };
    bus.publish(
      new CMLWorkerStatusUpdatedDomainEvent('w-1', {
        oldStatus: 'RUNNING',
        newStatus: 'UNKNOWN',
        updatedAt: AT,
      }),
    );
    bus.publish(new CMLWorkerStatusReasonUpdatedDomainEvent('w-1', { reason, updatedAt: AT }));
    expect(lines.map(([level, fields, type]) => [level, type, fields])).toEqual([
      ['warn', 'worker.status-updated', expect.objectContaining({ from: 'RUNNING', to: 'UNKNOWN' })],
      [
        'warn',
        'worker.status-reason-updated',
        expect.objectContaining({ code: 'lost', detail: 'EC2 does not know it.' }),
      ],
    ]);
  });

  it('is an error where a person must act: an instance that hangs, or that EC2 finds impaired', () => {
    const bus = app.get(EventBus);
    const overdue = { status: 'STOPPING', since: AT, budgetMinutes: 20, detectedAt: AT } as const;
    bus.publish(new CMLWorkerTransitionOverdueDomainEvent('w-1', overdue));
    for (const instance of ['impaired', 'ok'] as const) {
      const checks = { system: 'ok', instance } as const;
      bus.publish(new CMLWorkerStatusChecksUpdatedDomainEvent('w-1', { checks, updatedAt: AT }));
    }
    expect(lines.map(([level, , type]) => [level, type])).toEqual([
      ['error', 'worker.transition-overdue'],
      ['error', 'worker.status-checks-updated'],
      ['log', 'worker.status-checks-updated'],
    ]);
  });

  it('is an error where CML waits for a person, and a warning where it is in error otherwise', () => {
    const bus = app.get(EventBus);
    const endpoint = { httpsEndpoint: null, updatedAt: AT };
    for (const code of ['credentials', 'unhealthy']) {
      const reason = { code, message: `it is ${code}`, at: AT };
      const to = { oldServiceStatus: 'STARTING', newServiceStatus: 'ERROR', reason } as const;
      bus.publish(new CMLServiceStatusUpdatedDomainEvent('w-1', { ...to, ...endpoint }));
    }
    const up = { oldServiceStatus: 'ERROR', newServiceStatus: 'AVAILABLE', reason: null } as const;
    bus.publish(new CMLServiceStatusUpdatedDomainEvent('w-1', { ...up, ...endpoint }));
    for (const presented of ['BB', null]) {
      const certificate = { pinned: 'AA', presented, changedAt: null };
      const changed = { certificate, acceptedBy: null, updatedAt: AT };
      bus.publish(new CMLWorkerCertificateUpdatedDomainEvent('w-1', changed));
    }
    const line = { from: 'STARTING', to: 'ERROR' };
    expect(lines.map(([level, fields]) => [level, fields])).toEqual([
      ['error', expect.objectContaining({ ...line, code: 'credentials', detail: 'it is credentials' })],
      ['warn', expect.objectContaining({ ...line, code: 'unhealthy' })],
      ['log', expect.objectContaining({ to: 'AVAILABLE', code: null })],
      ['error', expect.objectContaining({ pinned: 'AA', presented: 'BB' })],
      ['log', expect.objectContaining({ pinned: 'AA', presented: null })],
    ]);
  });

  it('is a warning where the instance was changed in AWS', () => {
    const types = { attribute: 'state', wanted: 'RUNNING', found: 'STOPPED' } as const;
    const drift = { ...types, why: null, policy: 'follow', detectedAt: AT } as const;
    app.get(EventBus).publish(new CMLWorkerDriftDetectedDomainEvent('w-1', drift));
    expect(lines).toEqual([
      [
        'warn',
        expect.objectContaining({ ...types, policy: 'follow' }),
        'worker.drift-detected',
        'WorkerEvents',
      ],
    ]);
  });
});
