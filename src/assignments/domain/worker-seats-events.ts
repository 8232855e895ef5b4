import { eventOf } from '../../kernel/domain-event';

/** Everything that can happen to the seats of a worker; the stream's id is the worker's. */

export class WorkerSeatTaken extends eventOf('worker-seats.taken')<{
  readonly requestId: string;
  readonly userId: string;
  /** when it is free again by time alone */
  readonly until: Date;
  readonly at: Date;
}> {}

export class WorkerSeatFreed extends eventOf('worker-seats.freed')<{
  readonly requestId: string;
  readonly at: Date;
}> {}

export type WorkerSeatsEvent = WorkerSeatTaken | WorkerSeatFreed;

export const WORKER_SEATS_EVENTS = [WorkerSeatTaken, WorkerSeatFreed] as const;
