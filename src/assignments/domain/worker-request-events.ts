import { eventOf } from '../../kernel/domain-event';
import { type RequestOrder } from './worker-request-state';

/** Everything that can happen to a request for a worker. Times are fleet time. */

export class WorkerRequestMade extends eventOf('worker-request.made')<
  RequestOrder & {
    readonly requestedAt: Date;
    /** when it fails unless it is granted before */
    readonly deadline: Date;
  }
> {}

/** What people may be told changed: what it waits for. */
export class WorkerRequestProgressed extends eventOf('worker-request.progressed')<{
  readonly userId: string;
  readonly message: string;
  readonly at: Date;
}> {}

export class WorkerRequestWorkerChosen extends eventOf('worker-request.worker-chosen')<{
  readonly userId: string;
  readonly workerId: string;
  readonly message: string;
  readonly at: Date;
}> {}

/** The worker that was chosen is out of the question: it is chosen anew. */
export class WorkerRequestWorkerLost extends eventOf('worker-request.worker-lost')<{
  readonly userId: string;
  readonly workerId: string;
  readonly message: string;
  readonly at: Date;
}> {}

export class WorkerRequestReady extends eventOf('worker-request.ready')<{
  readonly userId: string;
  readonly workerId: string;
  readonly assignmentId: string;
  readonly until: Date;
  readonly at: Date;
}> {}

export class WorkerRequestFailed extends eventOf('worker-request.failed')<{
  readonly userId: string;
  readonly workerId: string | null;
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}> {}

export class WorkerRequestCancelled extends eventOf('worker-request.cancelled')<{
  readonly userId: string;
  readonly workerId: string | null;
  readonly by: string;
  readonly at: Date;
}> {}

/** Its time is over, or its assignment was ended. */
export class WorkerRequestExpired extends eventOf('worker-request.expired')<{
  readonly userId: string;
  readonly workerId: string | null;
  readonly message: string;
  readonly at: Date;
}> {}

export type WorkerRequestEvent =
  | WorkerRequestMade
  | WorkerRequestProgressed
  | WorkerRequestWorkerChosen
  | WorkerRequestWorkerLost
  | WorkerRequestReady
  | WorkerRequestFailed
  | WorkerRequestCancelled
  | WorkerRequestExpired;

export const WORKER_REQUEST_EVENTS = [
  WorkerRequestMade,
  WorkerRequestProgressed,
  WorkerRequestWorkerChosen,
  WorkerRequestWorkerLost,
  WorkerRequestReady,
  WorkerRequestFailed,
  WorkerRequestCancelled,
  WorkerRequestExpired,
] as const;
