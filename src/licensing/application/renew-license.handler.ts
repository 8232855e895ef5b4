import { type OperationRun, type OperationSuccess } from '../../operations';
import { CmlError, type CmlServer } from '../../telemetry';
import { LicenseFailed } from '../domain/license-errors';
import {
  isWithin,
  type OnceStep,
  POLL_MS,
  type ServerLicense,
  SETTLES_WITHIN_MS,
} from '../domain/license-step';
import { renewalStep } from '../domain/renewal-plan';
import { LicenseOperationHandler } from './license-operation.handler';
import { beginTurn, SENTENCES } from './license-turn';
import { contextOf, pause } from './license-work';

/** Renews registration and authorization of a worker's CML server. Begun anew it renews them once more, which is harmless. */
export class RenewLicenseHandler extends LicenseOperationHandler {
  readonly kind = 'license-renew';

  protected async carryOut(run: OperationRun, workerId: string): Promise<OperationSuccess> {
    const { clock, licenses } = this.services;
    const did = new Set<OnceStep>();
    let before: ServerLicense | null = null;
    let since = clock.now();
    for (;;) {
      const { server, values, now } = await beginTurn(this.services, run, workerId);
      before ??= values;
      const step = renewalStep({ did, before, since, server: values, now });
      await run.report({ progress: did.size / 3, message: SENTENCES[step.do] });
      switch (step.do) {
        case 'renew-registration':
        case 'renew-authorization':
          if (await this.renewOne(step.do, server, did.size > 0 && isWithin(since, SETTLES_WITHIN_MS, now))) {
            did.add(step.do);
            since = clock.now();
          } else {
            await pause(this.services, POLL_MS, run.signal);
          }
          break;
        case 'poll':
          await pause(this.services, POLL_MS, run.signal);
          break;
        case 'done': {
          const { registrationExpires, authorizationExpires } = values;
          const dates = { registrationExpires, authorizationExpires };
          await licenses.update(workerId, contextOf(run, 'renewed'), (it) => it.renewed(dates, now));
          await this.books.tellWorker(workerId, 'REGISTERED', null, contextOf(run, 'status'));
          const [registration, authorization] = [registrationExpires, authorizationExpires].map(
            (end) => end?.toISOString() ?? null,
          );
          return {
            message: step.message,
            result: { registrationExpires: registration, authorizationExpires: authorization },
          };
        }
        case 'fail':
          throw new LicenseFailed(step.code, step.message);
        default:
          throw new Error(`a renewal has no step ${step.do}`);
      }
    }
  }

  /** False where the server is busy still with the renewal before, for which it is given its time. */
  private async renewOne(what: Renewal, server: CmlServer, mayBeBusy: boolean): Promise<boolean> {
    const { client } = this.services;
    try {
      if (what === 'renew-registration') await client.renewRegistration(server);
      else await client.renewAuthorization(server);
      return true;
    } catch (error) {
      if (mayBeBusy && error instanceof CmlError && error.failure === 'busy') return false;
      throw error;
    }
  }
}

type Renewal = 'renew-registration' | 'renew-authorization';
