import { eventOf } from '../../kernel/domain-event';
import { type ChannelName, type NoticeTopic } from './posting';
import { type StopCause } from './stop-notice';

/** What people are told, and what became of it. E-mail addresses are left out: events stay for ever. */

export class NoticeTold extends eventOf('notice.told')<{
  readonly noticeId: string;
  readonly topic: NoticeTopic;
  readonly workerName: string;
  readonly decisionId: string;
  readonly sentence: string;
  readonly deadline: Date | null;
  readonly stageMinutes: number | null;
  readonly cause: StopCause | null;
  /** the ways that it is to take */
  readonly channels: readonly ChannelName[];
  readonly toldAt: Date;
}> {}

/** Once for each channel, and each address of e-mail. */
export class NoticeDelivered extends eventOf('notice.delivered')<{
  readonly noticeId: string;
  readonly topic: NoticeTopic;
  readonly decisionId: string;
  readonly channel: ChannelName;
  readonly deliveredAt: Date;
}> {}

/** Nobody tries any more. */
export class NoticeUndelivered extends eventOf('notice.undelivered')<{
  readonly noticeId: string;
  readonly topic: NoticeTopic;
  readonly decisionId: string;
  readonly channel: ChannelName;
  readonly reason: string;
  readonly at: Date;
}> {}

export type NoticeEvent = NoticeTold | NoticeDelivered | NoticeUndelivered;

export const NOTICE_EVENTS = [NoticeTold, NoticeDelivered, NoticeUndelivered] as const;
