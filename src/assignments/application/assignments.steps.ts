import { type ProcessStep } from '../../event-store';
import { type FleetClock } from '../../kernel/clocks';
import {
  CMLWorkerReleasedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
  WORKER_DEFINITION,
} from '../../workers';
import { AssignmentEnded } from '../domain/lab-user-events';
import { type SeatBook, type WorkerRequests } from '../domain/ports';
import {
  WorkerRequestCancelled,
  WorkerRequestFailed,
  WorkerRequestWorkerLost,
} from '../domain/worker-request-events';
import { OPEN_STATES } from '../domain/worker-request-state';
import { type RequestSettlement } from './request-settlement';

/** What is assigned on a worker ends with it. */
export function endAssignments(settlement: Pick<RequestSettlement, 'workerIsGone'>): ProcessStep {
  return {
    ...{ name: 'end-assignments', kind: WORKER_DEFINITION.streamPrefix, startAfter: 0 },
    on: async (event) => {
      if (event instanceof CMLWorkerTerminatedDomainEvent) {
        await settlement.workerIsGone(event.aggregateId, 'worker-terminated');
      }
      if (event instanceof CMLWorkerReleasedDomainEvent) {
        await settlement.workerIsGone(event.aggregateId, 'worker-released');
      }
    },
  };
}

/** A request that lost its worker, failed or was cancelled gives its seat back. */
export function freeSeatsOfRequests(
  kind: string,
  { requests, seats, clock }: { requests: WorkerRequests; seats: SeatBook; clock: FleetClock },
): ProcessStep {
  return {
    ...{ name: 'free-seats-of-requests', kind, startAfter: 0 },
    on: async (event, context) => {
      const gaveUp =
        event instanceof WorkerRequestWorkerLost ||
        event instanceof WorkerRequestFailed ||
        event instanceof WorkerRequestCancelled;
      if (!gaveUp || event.data.workerId === null) return;
      const { workerId } = event.data;
      const request = (await requests.find(event.aggregateId))?.state;
      // chosen again since: the seat is needed
      if (request?.workerId === workerId && OPEN_STATES.includes(request.state)) return;
      await seats.change(workerId, context, (it) => it.free(event.aggregateId, clock.now()));
    },
  };
}

/** An assignment that ends before its time gives the seat of its request back. */
export function freeSeatsOfAssignments(
  kind: string,
  { seats, clock }: { seats: SeatBook; clock: FleetClock },
): ProcessStep {
  return {
    ...{ name: 'free-seats-of-assignments', kind, startAfter: 0 },
    on: async (event, context) => {
      if (!(event instanceof AssignmentEnded) || event.data.requestId === null) return;
      const { requestId, workerId } = event.data;
      await seats.change(workerId, context, (it) => it.free(requestId, clock.now()));
    },
  };
}
