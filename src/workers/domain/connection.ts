import { SECOND } from '../../kernel/clocks';
import { canConnect } from './cml-worker';
import { isFenced } from './fence';
import { waitsForAPerson } from './service-reason';
import { type WorkerState } from './worker-state';
import { type CMLServiceStatus, type CMLWorkerStatus, type LicenseStatus } from './worker-status';

/** Whether somebody can use the worker's CML server now, and if not, what is missing. */
export type Connection =
  | { readonly ready: true; readonly httpsEndpoint: string }
  | {
      readonly ready: false;
      readonly status: CMLWorkerStatus;
      readonly serviceStatus: CMLServiceStatus;
      readonly licenseStatus: LicenseStatus;
      readonly message: string;
      /** null: waiting alone does not help */
      readonly retryAfterSeconds: number | null;
    };

/** None is offered on a worker that is about to be stopped; those that there are it takes nothing from. */
export function connectionOf(state: WorkerState, machineNow: Date): Connection {
  const { httpsEndpoint, status, serviceStatus, licenseStatus } = state;
  const trusted = state.certificate.presented === null;
  const usable = canConnect(state) && trusted && state.desired.state === 'RUNNING';
  if (usable && httpsEndpoint !== null && !isFenced(state, machineNow)) return { ready: true, httpsEndpoint };
  const missing = usable ? fenced(state, machineNow) : whatIsMissing(state);
  return { ready: false, status, serviceStatus, licenseStatus, ...missing };
}

interface Missing {
  readonly message: string;
  readonly retryAfterSeconds: number | null;
}

function fenced({ fence }: WorkerState, machineNow: Date): Missing {
  const leftMs = fence ? fence.until.getTime() - machineNow.getTime() : 0;
  return {
    message:
      'The worker is about to be stopped, since it seems that nobody uses it. ' +
      'Start it, keep it alive or snooze it, and ask again.',
    retryAfterSeconds: Math.max(1, Math.ceil(leftMs / SECOND)),
  };
}

function whatIsMissing(state: WorkerState): Missing {
  const { status, serviceStatus, desired } = state;
  if (status === 'TERMINATED' || desired.state === 'TERMINATED') {
    return { message: 'The worker is terminated or about to be.', retryAfterSeconds: null };
  }
  if (desired.state === 'STOPPED') {
    return { message: 'The worker is stopped or being stopped. Start it first.', retryAfterSeconds: null };
  }
  if (state.certificate.presented !== null) {
    const message =
      'The server shows another TLS certificate than before: an admin must check and accept it.';
    return { message, retryAfterSeconds: null };
  }
  if (state.statusReason) return { message: state.statusReason.message, retryAfterSeconds: 60 };
  if (status !== 'RUNNING') {
    return { message: 'The instance is starting. Bare metal takes 10 to 20 minutes.', retryAfterSeconds: 60 };
  }
  const message = state.serviceReason?.message ?? 'The instance runs; CML is not ready on it yet.';
  if (waitsForAPerson(state.serviceReason)) return { message, retryAfterSeconds: null };
  return { message, retryAfterSeconds: serviceStatus === 'ERROR' ? 120 : 30 };
}
