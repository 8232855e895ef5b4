import { HOUR, ManualClock, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { type AcceptedOperation } from '../../operations/application/operations';
import { AT, OPERATION } from '../testing/license-samples';
import {
  WorkerLicenseReleaseRequested,
  WorkerLicenseRenewalRequested,
} from '../domain/worker-license-events';
import { acceptLicenseOperations, type StepServices } from './licensing.steps';

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
