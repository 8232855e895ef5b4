export type NoticeKind =
  /** an automatic stop was announced, or moved */
  | 'stop-planned'
  /** an announced stop will not happen */
  | 'stop-called-off'
  /** a worker was told to stop because nobody uses it */
  | 'stopped-idle'
  /** an alarm: whether a running worker is in use cannot be told, so it is kept and costs money */
  | 'unreadable';

/** Something that people should hear of. It holds no secret. */
export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly workerId: string;
  readonly workerName: string;
  /** the idle decision behind it */
  readonly decisionId: string;
  /** what happened and why, for people */
  readonly sentence: string;
  /** fleet time */
  readonly at: Date;
}
