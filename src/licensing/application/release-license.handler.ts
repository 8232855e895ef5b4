import { type LabShutdown } from '../../labs';
import { type OperationRun, type OperationSuccess } from '../../operations';
import { type ReleaseOutcome } from '../domain/worker-license-state';
import { LicenseOperationHandler } from './license-operation.handler';
import { LicenseRelease } from './license-release';
import { contextOf, contextOfTry, type LicenseServices } from './license-work';

/** Gives a worker's licence back. */
export class ReleaseLicenseHandler extends LicenseOperationHandler {
  readonly kind = 'license-release';

  constructor(
    services: LicenseServices,
    private readonly labs: LabShutdown,
  ) {
    super(services);
  }

  protected async carryOut(run: OperationRun, workerId: string): Promise<OperationSuccess> {
    const license = await new LicenseRelease(this.services, this.labs, run, workerId).toEnd();
    await this.books.settleSeat(license, contextOfTry(run, this.services.ids));
    await this.books.tellWorker(workerId, 'UNREGISTERED', 'none', contextOf(run, 'status'));
    const outcome = license.endOf(run.operation.id) ?? 'not-registered';
    return { message: sentenceOf(outcome, license.state.leftOver?.reason), result: { outcome } };
  }
}

/** What became of the licence, for people. */
export function sentenceOf(outcome: ReleaseOutcome, reason: string | undefined): string {
  switch (outcome) {
    case 'released':
      return 'The licence was given back.';
    case 'not-registered':
      return 'The server was not registered: there was nothing to give back.';
    case 'left-over':
      return `A licence may still be counted as in use at Cisco: ${reason ?? 'nobody knows'}.`;
  }
}
