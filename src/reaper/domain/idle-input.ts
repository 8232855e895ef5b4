import { type IdlePolicy, REQUIRABLE_SIGNALS } from './idle-policy';

/** What people are seen to do: acts on labs and nodes, and logins and other use of the server. */
export const PEOPLES_SIGNALS = ['activity', 'sessions'] as const;
export const IDLE_SIGNALS = [...REQUIRABLE_SIGNALS, ...PEOPLES_SIGNALS] as const;
export type IdleSignal = (typeof IDLE_SIGNALS)[number];

/** How a sign of use stands now: its present interval, and when its source was last read. Times are fleet time. */
export interface SignalState {
  readonly value: 'active' | 'idle' | 'unknown';
  /** first and latest reading with this value, without a gap between them in which it could have been otherwise */
  readonly from: Date;
  readonly to: Date;
  readonly readings: number;
  /** where it is read, e.g. `cml-labs` */
  readonly source: string;
  /** latest reading of the source that succeeded; null if there never was one */
  readonly observedAt: Date | null;
}

/** What the judgement needs of a worker. Null is unknown or absent. */
export interface WorkerFacts {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly desiredState: string;
  readonly serviceStatus: string;
  readonly snooze: { readonly until: Date; readonly by: string } | null;
  readonly protection: {
    readonly by: string;
    readonly reason: string;
    readonly expiresAt: Date | null;
  } | null;
  /** the stop that is announced, and when it is due: never earlier than the warning time after its announcement */
  readonly plannedStop: { readonly at: Date; readonly reason: string } | null;
  /** when the instance was last seen to begin running */
  readonly runningSince: Date | null;
  /** latest sign of use that anything knows of */
  readonly lastActivityAt: Date | null;
}

/** Everything that an idle decision rests on. A signal that was never read is left out. */
export interface IdleDecisionInput {
  readonly decisionId: string;
  /** fleet time */
  readonly now: Date;
  readonly policy: IdlePolicy;
  readonly worker: WorkerFacts;
  readonly signals: { readonly [S in IdleSignal]?: SignalState };
  /** whether the server ever reported an event; where it never did, missing activity means nothing */
  readonly everSeenActivity: boolean;
}
