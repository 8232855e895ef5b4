import { type AggregateStore, type ProcessStep, type Reservations, streamOf } from '../../event-store';
import { type CmlWorker } from '../domain/cml-worker';
import {
  CMLWorkerDetailsUpdatedDomainEvent,
  CMLWorkerReleasedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
} from '../domain/worker-events';
import { type WorkerState } from '../domain/worker-state';
import { WORKER_DEFINITION } from './worker-definition';
import { keysOf } from './worker-keys';

/** Events after which a worker may hold a key less. */
const FREEING = [
  CMLWorkerDetailsUpdatedDomainEvent,
  CMLWorkerReleasedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
];

/**
 * Frees the names and instances that a worker no longer has, where the process that stored the change did not come to
 * it. What was taken up to the version that is looked at and is not in its state is needed by nobody: a later change
 * that wants it takes it for its own, later version.
 */
export function freeWorkerKeys(
  aggregates: Pick<AggregateStore<CmlWorker, WorkerState>, 'load'>,
  reservations: Pick<Reservations, 'heldBy' | 'free'>,
): ProcessStep {
  const kind = WORKER_DEFINITION.streamPrefix;
  return {
    ...{ name: 'free-worker-keys', kind, startAfter: 0 },
    on: async (event) => {
      if (!FREEING.some((Class) => event instanceof Class)) return;
      const loaded = await aggregates.load(event.aggregateId);
      if (!loaded) return;
      const { id, state, version } = loaded.aggregate;
      const [stream, inUse] = [streamOf(kind, id), keysOf(state)];
      for (const key of await reservations.heldBy(stream, version)) {
        if (!inUse.includes(key)) await reservations.free(key, stream, version);
      }
    },
  };
}
