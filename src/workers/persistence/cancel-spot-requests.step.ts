import { type AggregateStore, type ProcessStep } from '../../event-store';
import { type CmlWorker } from '../domain/cml-worker';
import { type ComputeProvider } from '../domain/ports';
import { CMLWorkerLaunchFailedDomainEvent, CMLWorkerTerminatedDomainEvent } from '../domain/worker-events';
import { hasLaunched, type WorkerState } from '../domain/worker-state';
import { WORKER_DEFINITION } from './worker-definition';

/**
 * Cancels the Spot requests of a spot worker that ended, whoever ended it, and of a launch that came to nothing: EC2
 * brings another instance for a persistent request whose instance is gone, and nobody waits for that one. What AWS
 * refuses is tried again, and then waits for a person, as all steps do.
 */
export function cancelSpotRequests(
  aggregates: Pick<AggregateStore<CmlWorker, WorkerState>, 'load'>,
  compute: Pick<ComputeProvider, 'cancelSpotRequests'>,
): ProcessStep {
  const stateOf = async (id: string) => (await aggregates.load(id))?.aggregate.state ?? null;
  return {
    ...{ name: 'cancel-spot-requests', kind: WORKER_DEFINITION.streamPrefix, startAfter: 0 },
    on: async (event) => {
      const ended = event instanceof CMLWorkerTerminatedDomainEvent;
      if (!ended && !(event instanceof CMLWorkerLaunchFailedDomainEvent)) return;
      // a launch is stored before it is sent: when none is by now, no request that was found before is of a later one
      const mayStill = (state: WorkerState | null) => state !== null && (ended || !hasLaunched(state));
      const state = await stateOf(event.aggregateId);
      if (state?.market !== 'spot' || !mayStill(state)) return;
      const { id, awsRegion, awsInstanceId } = state;
      await compute.cancelSpotRequests(awsRegion, id, awsInstanceId, async () => mayStill(await stateOf(id)));
    },
  };
}
