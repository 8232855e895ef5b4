import { type OperationRun, type OperationSuccess } from '../../operations';
import { LicenseFailed } from '../domain/license-errors';
import { LicenseOperationHandler } from './license-operation.handler';
import { LicenseRegistration } from './license-registration';
import { contextOf, contextOfTry } from './license-work';

/** Registers a worker's CML server with its token, or that of its pool. */
export class RegisterLicenseHandler extends LicenseOperationHandler {
  readonly kind = 'license-register';

  protected async carryOut(run: OperationRun, workerId: string): Promise<OperationSuccess> {
    try {
      return await this.register(run, workerId);
    } catch (error) {
      // what the fleet has for everybody is not for a server that brings its own: no failure
      const isByItself = run.operation.actor.startsWith('system:');
      if (!isByItself || !(error instanceof LicenseFailed)) throw error;
      if (error.code !== 'license-registered-otherwise') throw error;
      const license = await this.services.licenses.of(workerId);
      await this.books.settleSeat(license, contextOfTry(run, this.services.ids));
      return LEFT_AS_IT_IS;
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

const LEFT_AS_IT_IS: OperationSuccess = {
  message: 'The server is registered already, past cml-fleet: it was left as it is.',
  result: null,
};
