import {
  type Operation,
  type OperationHandler,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from '../../operations';
import { LicenseFailed } from '../domain/license-errors';
import { asLicenseOperation, settleBrokenOff } from './license-operation';
import { LicenseBooks } from './license-books';
import { LicenseRegistration } from './license-registration';
import { contextOf, contextOfTry, type LicenseServices } from './license-work';

/** Registers a worker's CML server with its token, or that of its pool. */
export class RegisterLicenseHandler implements OperationHandler {
  readonly kind = 'license-register';
  readonly atOnce = WAITING_AT_ONCE;
  private readonly books: LicenseBooks;

  constructor(private readonly services: LicenseServices) {
    this.books = new LicenseBooks(services);
  }

  onBrokenOff(operation: Operation): Promise<void> {
    return settleBrokenOff(this.services, this.books, operation);
  }

  async run(run: OperationRun): Promise<OperationSuccess> {
    try {
      return await asLicenseOperation(this.services, this.books, run, (id) => this.register(run, id));
    } catch (error) {
      // what the fleet has for everybody is not for a server that brings its own
      const isByItself = run.operation.actor.startsWith('system:');
      if (!isByItself || !(error instanceof LicenseFailed)) throw error;
      if (error.code !== 'license-registered-otherwise') throw error;
      return {
        message: 'The server is registered already, past cml-fleet: it was left as it is.',
        result: null,
      };
    }
  }

  private async register(run: OperationRun, workerId: string): Promise<OperationSuccess> {
    const { pools, ids } = this.services;
    const { license, means, message, values } = await new LicenseRegistration(
      this.services,
      run,
      workerId,
    ).toEnd();
    const token = { ref: means.tokenRef, fingerprint: means.fingerprint };
    await this.books.tellWorker(workerId, 'REGISTERED', token, contextOf(run, 'status'));
    // registered with a token of its own, the server has left the place of the pool that it was left over in
    if (license.state.wanted?.poolId === null) await pools.release(workerId, contextOfTry(run, ids));
    const { smartAccount, virtualAccount, productLicense } = values;
    return {
      message,
      result: { fingerprint: means.fingerprint, productLicense, smartAccount, virtualAccount },
    };
  }
}
