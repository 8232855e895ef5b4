import { HOUR } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type LabUser } from './lab-user';
import { type WorkerRequest } from './worker-request';
import { type RequestState, type WorkerRequestState } from './worker-request-state';
import { type WorkerSeats } from './worker-seats';

/** Users by their streams. All methods throw StoreUnavailable. */
export abstract class LabUsers {
  /** One of whom nothing is known has no assignments and version 0. */
  abstract get(userId: string): Promise<LabUser>;

  /**
   * Lets `decide` act on the user, known or not, and stores what it recorded; decides again when somebody else was
   * faster. @throws VersionConflict, and what `decide` throws
   */
  abstract change(userId: string, context: CommandContext, decide: (user: LabUser) => void): Promise<LabUser>;
}

/** Seats by the streams of workers. */
export abstract class SeatBook {
  /** As LabUsers.change. @throws StoreUnavailable, VersionConflict */
  abstract change(
    workerId: string,
    context: CommandContext,
    decide: (seats: WorkerSeats) => void,
  ): Promise<WorkerSeats>;
}

/** How long lists show a request that has ended (machine time). */
export const REQUESTS_KEPT_MS = 90 * 24 * HOUR;

/** The time of asking and the id of the last request of the page before; stable under inserts. */
export interface RequestPosition {
  readonly requestedAt: Date;
  readonly id: string;
}

export interface RequestPage {
  /** null: of anybody */
  readonly userId: string | null;
  readonly states: readonly RequestState[] | null;
  /** whose requests, or for which workers, may be shown; null: all */
  readonly visible: { readonly userId: string; readonly workerIds: readonly string[] } | null;
  readonly after: RequestPosition | null;
  readonly limit: number;
}

/** Requests as flat records, for lists. It follows the streams by a moment. All methods throw StoreUnavailable. */
export abstract class RequestReadModel {
  /** Stores the record unless a newer version (stream version) is there. Idempotent. */
  abstract put(record: WorkerRequestState, version: number): Promise<void>;
  /** Newest first. Those that ended are kept for 90 days from then. */
  abstract page(request: RequestPage): Promise<WorkerRequestState[]>;
  /** Waiting, starting and ready ones, oldest first. */
  abstract open(): Promise<WorkerRequestState[]>;
}

/** Requests by their streams. All methods throw StoreUnavailable. */
export abstract class WorkerRequests {
  /** Stores a new request. A repetition of the command answers what has become of the first. */
  abstract add(request: WorkerRequest, context: CommandContext): Promise<WorkerRequest>;
  abstract find(id: string): Promise<WorkerRequest | null>;
  /** @throws RequestNotFound, VersionConflict, and what `decide` throws */
  abstract update(
    id: string,
    context: CommandContext,
    decide: (request: WorkerRequest) => void,
  ): Promise<WorkerRequest>;
}
