import {
  type NewOperation,
  type Operation,
  type OperationData,
  type OperationFailure,
  type OperationState,
  type OperationSummary,
} from './operation';

/** That a process carries out an operation for a while. */
export interface OperationClaim {
  readonly id: string;
  readonly owner: string;
  /** grows by one with each claim, so it counts them, too */
  readonly fence: number;
}

export interface ClaimedOperation {
  readonly operation: Operation;
  readonly claim: OperationClaim;
}

/** Whether a claim still holds: the operation goes on, is to be ended since somebody cancelled it, or is another's. */
export type ClaimState = 'held' | 'cancelled' | 'lost';

/** How far an operation is. A result that is left out stays as it is. */
export interface OperationProgress {
  readonly progress: number;
  readonly message: string | null;
  readonly result?: OperationData;
}

export interface OperationEnd {
  readonly state: Exclude<OperationState, 'pending' | 'running'>;
  readonly message: string | null;
  /** left out: it stays as it is */
  readonly result?: OperationData;
  readonly error: OperationFailure | null;
  /** fleet time */
  readonly finishedAt: Date;
}

export interface OperationPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface OperationPage {
  readonly kinds: readonly string[] | null;
  readonly states: readonly OperationState[] | null;
  readonly workerIds: readonly string[] | null;
  readonly after: OperationPosition | null;
  readonly limit: number;
}

/**
 * Operations until 30 days (machine time) after their end. Who carries one out is decided by the store's clock, never by
 * ours alone; what a claim's owner says counts under its fence only. All methods throw StoreUnavailable.
 */
export abstract class OperationStore {
  /** Stores it, due at once. One that is there already stays as it is, and is answered. */
  abstract add(operation: NewOperation): Promise<Operation>;
  abstract find(id: string): Promise<Operation | null>;
  /** Newest first. */
  abstract page(page: OperationPage): Promise<OperationSummary[]>;
  /**
   * The one of these kinds that waits for longest, now running and this owner's: it was never begun, or its owner's
   * time is over. The owner's name must be another one for each claim. `now` is fleet time.
   */
  abstract claimDue(
    kinds: readonly string[],
    owner: string,
    lengthMs: number,
    now: Date,
  ): Promise<ClaimedOperation | null>;
  /** The claim ends so many machine milliseconds from now. */
  abstract renew(claim: OperationClaim, lengthMs: number): Promise<ClaimState>;
  abstract note(claim: OperationClaim, progress: OperationProgress): Promise<ClaimState>;
  /** For good; the progress of one that succeeded is 1. False when the claim was lost: nothing was changed. */
  abstract finish(claim: OperationClaim, end: OperationEnd): Promise<boolean>;
  /** Gives it up: another may have it so many machine milliseconds from now. False when the claim was lost. */
  abstract release(claim: OperationClaim, pauseMs: number): Promise<boolean>;
  /** Whoever has it, or has it next, is to end it; who says so first is noted. No effect on one that has ended. */
  abstract requestCancel(id: string, by: string): Promise<void>;
}
