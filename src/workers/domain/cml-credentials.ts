import { CMLWorkerCmlCredentialsUpdatedDomainEvent, type WorkerEvent } from './worker-events';
import { type CmlCredentials, type WorkerState } from './worker-state';
import { mustBeManaged } from './wishes';

/**
 * The account by which the worker's CML server is asked from now on; null is the fleet's. The same password under
 * another ref is another one: whoever asks knows whether it is the same.
 * @throws InvalidTransition for a worker that is gone or released
 */
export function setCmlCredentials(
  state: WorkerState,
  credentials: CmlCredentials | null,
  now: Date,
): WorkerEvent[] {
  mustBeManaged(state, 'given CML credentials');
  const { cmlCredentials: before } = state;
  const same = before?.username === credentials?.username && before?.passwordRef === credentials?.passwordRef;
  if (same) return [];
  return [new CMLWorkerCmlCredentialsUpdatedDomainEvent(state.id, { credentials, updatedAt: now })];
}
