import { connectionOf, type WorkerState, waitsForAPerson } from '../../workers';
import { type Readiness } from '../domain/worker-choice';

/** How soon somebody could use the worker. */
export function readinessOf(worker: WorkerState): Readiness {
  const { desired, status, serviceStatus, httpsEndpoint } = worker;
  if (whyUnfit(worker) !== null || status === 'UNKNOWN') return 'none';
  if (desired.state === 'STOPPED') return status === 'STOPPED' ? 'stopped' : 'none';
  if (status === 'RUNNING' && serviceStatus === 'AVAILABLE' && httpsEndpoint !== null) return 'available';
  // wanted RUNNING while it is down: its start is about to be sent
  const onItsWay = status !== 'RUNNING' || serviceStatus === 'STARTING';
  return onItsWay && worker.statusReason === null ? 'booting' : 'none';
}

/** What no waiting cures, as a sentence; null: nothing is known against the worker. */
export function whyUnfit(worker: WorkerState): string | null {
  const { name, desired, status, licenseStatus, certificate, serviceStatus, serviceReason } = worker;
  if (desired.state === 'TERMINATED' || status === 'TERMINATED' || status === 'SHUTTING_DOWN') {
    return `The worker "${name}" is terminated or about to be.`;
  }
  if (licenseStatus === 'EXPIRED' || licenseStatus === 'INVALID') {
    return `The licence of the worker "${name}" is ${licenseStatus}.`;
  }
  if (certificate.presented !== null) {
    return `The worker "${name}" shows another TLS certificate than before, which an admin must accept.`;
  }
  if (worker.interruption !== null) return `AWS takes the worker "${name}" back.`;
  const needsHelp = serviceStatus === 'ERROR' || waitsForAPerson(serviceReason);
  if (!needsHelp || status !== 'RUNNING') return null;
  return `CML on the worker "${name}" needs somebody’s help: ${serviceReason?.message ?? serviceStatus}`;
}

/** How far a worker is that is awaited, for people. */
export function progressOf(worker: WorkerState, machineNow: Date): string {
  const { name, status, serviceStatus } = worker;
  const connection = connectionOf(worker, machineNow);
  const details = connection.ready ? 'It can be used.' : connection.message;
  return `The worker "${name}" is ${status}, CML on it ${serviceStatus}. ${details}`;
}
