import { type AggregateDefinition } from '../../event-store';
import { type WorkerLicenseEvent } from '../domain/worker-license-events';
import { WorkerLicense } from '../domain/worker-license';
import { type WorkerLicenseState } from '../domain/worker-license-state';

/** How a licence is brought back from its stream `license-<worker id>`. */
export const WORKER_LICENSE_DEFINITION: AggregateDefinition<WorkerLicense, WorkerLicenseState> = {
  streamPrefix: 'license',
  snapshotSchema: 2,
  restore: (id, events, from) =>
    WorkerLicense.restore(id, events as readonly WorkerLicenseEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as WorkerLicenseState,
  missing: (id) => new Error(`nothing was asked for the licence of ${id}`),
};
