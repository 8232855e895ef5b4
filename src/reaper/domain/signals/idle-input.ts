import { type Calendar } from '../policy/calendar';
import { type IdlePolicy } from '../policy/idle-policy';
import { type ObservedSignal, type SignalState } from './idle-signals';
import { type BudgetView } from '../policy/stop-budget';

/** Why a worker is stopped by itself. */
export const STOP_CAUSES = ['idle', 'schedule', 'max-uptime'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

/** One notice that people are told, or were, of an announced stop. */
export interface NoticeFact {
  /** the announced time of the stop, fleet time */
  readonly deadline: Date;
  /** of its stage: how long before the deadline */
  readonly stageMinutes: number;
  /** delivered: by one channel at least */
  readonly state: 'pending' | 'delivered' | 'failed';
  /** fleet time; null: not yet, or never */
  readonly deliveredAt: Date | null;
}

/** What the judgement needs of a worker. Null is unknown or absent. Times are fleet time. */
export interface WorkerFacts {
  readonly id: string;
  readonly name: string;
  readonly awsRegion: string;
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
  readonly plannedStop: { readonly at: Date; readonly reason: string; readonly cause: StopCause } | null;
  /** no new session is offered until then, while a decided stop is carried out */
  readonly fence: { readonly decisionId: string; readonly until: Date } | null;
  /** latest thing that a person did with it through this API: `start`, `snooze`, `connection`, `keep-alive` */
  readonly lastUse: { readonly kind: string; readonly at: Date; readonly by: string } | null;
  /** of its present plan; those of earlier ones count for nothing */
  readonly notices: readonly NoticeFact[];
  /** when the instance was last seen to begin running */
  readonly runningSince: Date | null;
  /** latest sign of use that anything knows of, running labs and busy processors among them */
  readonly lastActivityAt: Date | null;
}

/** The signs of use of one worker, as they were last observed. Times are fleet time. */
export interface ObservedUse {
  /** a signal that was never read is left out */
  readonly signals: { readonly [S in ObservedSignal]?: SignalState };
  /** whether the server ever reported an event; where it never did, missing activity means nothing */
  readonly everSeenActivity: boolean;
  /** the newest thing that a person did on the server; null is unknown, or never */
  readonly newestActivityAt: Date | null;
  /** latest reading of the labs that succeeded, however old; null: there was none */
  readonly lastLabs: { readonly running: number; readonly at: Date } | null;
}

/** Everything that an idle decision rests on. */
export interface IdleDecisionInput {
  readonly decisionId: string;
  /** fleet time */
  readonly now: Date;
  readonly worker: WorkerFacts;
  readonly observations: ObservedUse;
  readonly policy: IdlePolicy;
  /** of the policy's rules */
  readonly calendar: Calendar;
  /** what holds automatic stops off at this moment, as far as this worker's would be concerned */
  readonly budget: BudgetView;
}
