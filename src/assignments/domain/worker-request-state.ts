export const REQUEST_STATES = ['waiting', 'starting', 'ready', 'failed', 'cancelled', 'expired'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** States in which something may come of a request by itself. */
export const OPEN_STATES: readonly RequestState[] = ['waiting', 'starting', 'ready'];

export interface WantedTag {
  readonly key: string;
  readonly value: string;
}

/** What somebody asks for. */
export interface RequestOrder {
  /** `user:<subject>` or `api-key:<id>` */
  readonly userId: string;
  /** besides those that every worker must carry that is given on request */
  readonly tags: readonly WantedTag[];
  /** for how long, from when it is granted */
  readonly hours: number;
  /** null: a worker with all its labs */
  readonly labId: string | null;
  readonly reason: string | null;
}

export interface RequestFailure {
  readonly code: string;
  readonly message: string;
}

/** State of one request for a worker. Times are fleet time. */
export interface WorkerRequestState extends RequestOrder {
  readonly id: string;
  readonly state: RequestState;
  readonly requestedAt: Date;
  readonly deadline: Date;
  /** what it waits for, or what came of it, for people */
  readonly message: string;
  /** the one that was chosen; null while none is, or none was */
  readonly workerId: string | null;
  readonly chosenAt: Date | null;
  readonly assignmentId: string | null;
  readonly readyAt: Date | null;
  /** when the assignment is over */
  readonly until: Date | null;
  readonly failure: RequestFailure | null;
  /** when it came to be failed, cancelled or expired */
  readonly endedAt: Date | null;
  readonly updatedAt: Date;
}
