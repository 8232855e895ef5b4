/** Why a worker is to be stopped. */
export type StopCause = 'idle' | 'schedule' | 'max-uptime';

/** One stage of an announced stop. It holds no secret. */
export interface StopNotice {
  readonly workerId: string;
  readonly workerName: string;
  /** the idle decision behind it */
  readonly decisionId: string;
  /** when the stop is due, fleet time */
  readonly deadline: Date;
  /** how long before the deadline people are to hear of it by this notice */
  readonly stageMinutes: number;
  readonly cause: StopCause;
  /** what will happen and why, for people */
  readonly sentence: string;
  /** who is told by e-mail, besides those of the fleet's settings */
  readonly emails: readonly string[];
}

export type AlarmKind =
  /** whether a running worker is in use cannot be told, so it is kept and costs money */
  | 'unreadable'
  /** labs run although nobody has done anything for long */
  | 'labs-forgotten'
  /** a worker was told to stop */
  | 'stopped'
  /** far too many stops at once: all are held until a person says so */
  | 'breaker-open';

/** Something that people are told once, and need not have heard before anything is done. It holds no secret. */
export interface Alarm {
  /** null: it is about the fleet */
  readonly workerId: string | null;
  readonly workerName: string;
  readonly decisionId: string;
  readonly kind: AlarmKind;
  readonly sentence: string;
  /** what it is told once for: the same alarm within an episode is the same notice */
  readonly episodeId: string;
  /** who is told by e-mail, besides those of the fleet's settings */
  readonly emails?: readonly string[];
}

/** `delivered`: by one channel at least; `failed`: by none, and none tries any more. */
export type NoticeState = 'pending' | 'delivered' | 'failed';

/** What became of the notice of one stage. Fleet time. */
export interface NoticeFact {
  readonly deadline: Date;
  readonly stageMinutes: number;
  readonly state: NoticeState;
  readonly deliveredAt: Date | null;
}
