import { type AggregateDefinition } from '../../event-store';
import { LabUser, type LabUserState } from '../domain/lab-user';
import { type LabUserEvent } from '../domain/lab-user-events';
import { RequestNotFound } from '../domain/request-errors';
import { WorkerRequest } from '../domain/worker-request';
import { type WorkerRequestEvent } from '../domain/worker-request-events';
import { type WorkerRequestState } from '../domain/worker-request-state';
import { WorkerSeats, type WorkerSeatsState } from '../domain/worker-seats';
import { type WorkerSeatsEvent } from '../domain/worker-seats-events';

/** How a user is brought back from the stream `labuser-<id derived from the actor>`. */
export const LAB_USER_DEFINITION: AggregateDefinition<LabUser, LabUserState> = {
  streamPrefix: 'labuser',
  snapshotSchema: 1,
  restore: (id, events, from) => LabUser.restore(id, events as readonly LabUserEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as LabUserState,
  missing: (id) => new Error(`there is no stream of the user ${id}`),
};

/** How the seats of a worker are brought back from the stream `workerseats-<worker id>`. */
export const WORKER_SEATS_DEFINITION: AggregateDefinition<WorkerSeats, WorkerSeatsState> = {
  streamPrefix: 'workerseats',
  snapshotSchema: 1,
  restore: (id, events, from) =>
    WorkerSeats.restore(id, events as readonly WorkerSeatsEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as WorkerSeatsState,
  missing: (id) => new Error(`there is no stream of the seats of worker ${id}`),
};

/** How a request is brought back from the stream `workerrequest-<id>`. */
export const WORKER_REQUEST_DEFINITION: AggregateDefinition<WorkerRequest, WorkerRequestState> = {
  streamPrefix: 'workerrequest',
  snapshotSchema: 1,
  restore: (id, events, from) =>
    WorkerRequest.restore(id, events as readonly WorkerRequestEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as WorkerRequestState,
  missing: (id) => new RequestNotFound(id),
};
