import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { canConnect } from '../domain/cml-worker';
import { WorkerRepository } from '../domain/ports';
import { waitsForAPerson } from '../domain/service-reason';
import { WorkerNotFound } from '../domain/worker-errors';
import { type WorkerState } from '../domain/worker-state';
import { type CMLServiceStatus, type CMLWorkerStatus, type LicenseStatus } from '../domain/worker-status';

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

/** @throws WorkerNotFound */
export class GetConnection extends Query<Connection> {
  constructor(readonly workerId: string) {
    super();
  }
}

@QueryHandler(GetConnection)
export class GetConnectionHandler implements IQueryHandler<GetConnection> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute({ workerId }: GetConnection): Promise<Connection> {
    const worker = await this.workers.getById(workerId);
    if (!worker) throw new WorkerNotFound(workerId);
    return connectionOf(worker.state);
  }
}

export function connectionOf(state: WorkerState): Connection {
  const { httpsEndpoint, status, serviceStatus, licenseStatus } = state;
  const trusted = state.certificate.presented === null;
  if (canConnect(state) && httpsEndpoint !== null && trusted && state.desired.state === 'RUNNING') {
    return { ready: true, httpsEndpoint };
  }
  return { ready: false, status, serviceStatus, licenseStatus, ...whatIsMissing(state) };
}

function whatIsMissing(state: WorkerState): { message: string; retryAfterSeconds: number | null } {
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
