import { type AggregateDefinition } from '../../event-store';
import { CmlWorker } from '../domain/cml-worker';
import { type WorkerEvent } from '../domain/worker-events';
import { WorkerNotFound } from '../domain/worker-errors';
import { type WorkerState } from '../domain/worker-state';

/** Raised when WorkerState changes its shape: older snapshots are then left alone. */
const SNAPSHOT_SCHEMA = 4;

/** How a worker is brought back from its stream `worker-<id>`. */
export const WORKER_DEFINITION: AggregateDefinition<CmlWorker, WorkerState> = {
  streamPrefix: 'worker',
  snapshotSchema: SNAPSHOT_SCHEMA,
  restore(id, events, from) {
    const worker = CmlWorker.restore(id, events as readonly WorkerEvent[], from);
    if (!worker) throw new WorkerNotFound(id);
    return worker;
  },
  revive: (stored) => stored as unknown as WorkerState,
  missing: (id) => new WorkerNotFound(id),
};
