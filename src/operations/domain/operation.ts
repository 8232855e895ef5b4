/** `pending` and `running` ones are carried out whatever happens to processes; the others have ended for good. */
export const OPERATION_STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** Values of JSON, whose meaning only the operation's kind knows. Never a secret: viewers see the result. */
export type OperationData = Readonly<Record<string, unknown>>;

/** Something that takes longer than a request, as it is accepted. */
export interface NewOperation {
  readonly id: string;
  /** `discovery`: who carries it out */
  readonly kind: string;
  /** the worker that it is about, if it is about one */
  readonly workerId: string | null;
  /** what was asked for, for the handler of its kind; shown to nobody */
  readonly input: OperationData;
  /** who asked for it, and as part of what */
  readonly actor: string;
  readonly correlationId: string;
  /** fleet time */
  readonly createdAt: Date;
}

export interface OperationFailure {
  readonly code: string;
  readonly message: string;
}

/** An operation without what only one of them is asked for. Times are fleet time. */
export interface OperationSummary extends Omit<NewOperation, 'input'> {
  readonly state: OperationState;
  /** 0 to 1 */
  readonly progress: number;
  /** for people: what it does, or what came of it */
  readonly message: string | null;
  /** when a process first began with it */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** who wants it to end, which it does at its next step; null: nobody */
  readonly cancelledBy: string | null;
  /** of a failed one */
  readonly error: OperationFailure | null;
}

export interface Operation extends OperationSummary {
  readonly input: OperationData;
  /** what came of it up to now, or at its end; null before there is anything */
  readonly result: OperationData | null;
}

export function hasEnded({ state }: Pick<OperationSummary, 'state'>): boolean {
  return state !== 'pending' && state !== 'running';
}
