import { HOUR, ManualClock, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { type AcceptedOperation } from '../../operations/application/operations';
import { AT, OPERATION } from '../testing/license-samples';
import {
  WorkerLicenseReleaseRequested,
  WorkerLicenseRenewalRequested,
} from '../domain/worker-license-events';
import { NO_LICENSE, type WorkerLicenseState } from '../domain/worker-license-state';
import { CMLServiceStatusUpdatedDomainEvent } from '../../workers';
import { acceptLicenseOperations, licenseAvailableWorkers, type StepServices } from './licensing.steps';
import { type RequestLicense } from './request-license.command';

/** The step over operations that only note what they accept. */
function bench() {
  const clock = new ManualClock(AT);
  const accepted: [AcceptedOperation, actor: string][] = [];
  const operations = {
    accept: (operation: AcceptedOperation, { actor }: { actor: string }) => {
      accepted.push([operation, actor]);
      return Promise.resolve();
    },
  };
  const step = acceptLicenseOperations({ operations, clock } as unknown as StepServices, 'license');
  const context = systemContext('accept-license-operations', 'c-1');
  return { clock, accepted, on: (event: Parameters<typeof step.on>[0]) => step.on(event, context) };
}

const asking = { operationId: OPERATION, requestedAt: AT, requestedBy: 'user:ann' };

describe('an operation that was noted on a licence, whose process died before it was accepted', () => {
  it('is accepted by what is noted, on behalf of who asked, under the id that was told', async () => {
    const { accepted, on } = bench();
    await on(new WorkerLicenseReleaseRequested('w-1', { ...asking, stopLabs: true }));
    await on(new WorkerLicenseRenewalRequested('w-1', asking));
    expect(accepted).toEqual([
      [{ kind: 'license-release', workerId: 'w-1', input: {}, id: OPERATION }, 'user:ann'],
      [{ kind: 'license-renew', workerId: 'w-1', input: {}, id: OPERATION }, 'user:ann'],
    ]);
  });

  it('is not begun again when the log is read anew long after', async () => {
    const { clock, accepted, on } = bench();
    clock.set(plus(AT, 24 * HOUR + 1));
    await on(new WorkerLicenseRenewalRequested('w-1', asking));
    expect(accepted).toEqual([]);
  });
});

describe('a worker that becomes AVAILABLE', () => {
  /** Whether it is to have a licence of the default pool, by what is known of its licence. */
  async function isLicensed(known: Partial<WorkerLicenseState>): Promise<boolean> {
    const asked: RequestLicense[] = [];
    const worker = {
      ...{ id: 'w-1', status: 'RUNNING', serviceStatus: 'AVAILABLE' },
      desired: { state: 'RUNNING' },
    };
    const services = {
      licenses: { of: () => Promise.resolve({ state: { ...NO_LICENSE, ...known } }) },
      poolsByName: { named: () => Promise.resolve({ id: 'p-1' }) },
      queries: { execute: () => Promise.resolve(worker) },
      commands: { execute: (command: RequestLicense) => Promise.resolve(void asked.push(command)) },
    } as unknown as StepServices;
    const step = licenseAvailableWorkers(services, 'campus', () => undefined);
    const changed = { oldServiceStatus: 'UNAVAILABLE', newServiceStatus: 'AVAILABLE' } as const;
    const of = { ...changed, reason: null, httpsEndpoint: null, updatedAt: AT };
    await step.on(new CMLServiceStatusUpdatedDomainEvent('w-1', of), systemContext('x', 'c-1'));
    return asked.length > 0;
  }

  const request = { kind: 'license-register', operationId: OPERATION, at: AT, stopLabs: false } as const;
  const byFleet = { ...request, by: 'system:license-available-workers' };
  const failed = (code: string, operationId = OPERATION) => ({ operationId, code, message: '', at: AT });

  it('gets a licence of the default pool, where nobody has asked for anything', async () => {
    expect(await isLicensed({})).toBe(true);
    expect(await isLicensed({ request: { ...request, by: 'user:ann' } })).toBe(false);
  });

  it.each(['license-pool-exhausted', 'license-timed-out', 'cml-unavailable', 'secret-unreadable'])(
    'is tried again after %s, where the fleet itself had asked',
    async (code) => {
      expect(await isLicensed({ request: byFleet, failure: failed(code) })).toBe(true);
      expect(await isLicensed({ request: { ...byFleet, by: 'user:ann' }, failure: failed(code) })).toBe(
        false,
      );
      expect(await isLicensed({ request: byFleet, failure: failed(code, 'o-0') })).toBe(false);
    },
  );

  it('is not tried again where it succeeded, failed for good, or is under way', async () => {
    expect(await isLicensed({ request: byFleet })).toBe(false);
    expect(await isLicensed({ request: byFleet, failure: failed('license-refused') })).toBe(false);
  });
});
