import { AggregateRoot } from '../../kernel/aggregate-root';
import { NoticeDelivered, type NoticeEvent, NoticeTold, NoticeUndelivered } from './notice-events';
import { type ChannelName, type NoticeContent, type Posting } from './posting';

export interface NoticeBookState {
  readonly told: number;
  readonly delivered: number;
  readonly undelivered: number;
  readonly lastToldAt: Date | null;
}

const EMPTY: NoticeBookState = { told: 0, delivered: 0, undelivered: 0, lastToldAt: null };

/** The book of what people are told about the fleet as a whole. */
export const FLEET_BOOK = 'fleet';

/** What was told about one worker. It decides nothing: what is on its way stands in the outbox. */
export class NoticeBook extends AggregateRoot<NoticeBookState, NoticeEvent> {
  static open(id: string): NoticeBook {
    return new NoticeBook(id, EMPTY, 0);
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly NoticeEvent[],
    { state, version }: { state: NoticeBookState; version: number } = { state: EMPTY, version: 0 },
  ): NoticeBook {
    return new NoticeBook(id, events.reduce(evolve, state), version + events.length);
  }

  told(content: NoticeContent, channels: readonly ChannelName[]): void {
    const { noticeId, topic, workerName, decisionId, sentence, deadline, stageMinutes, cause, toldAt } =
      content;
    const what = { noticeId, topic, workerName, decisionId, sentence };
    this.record(new NoticeTold(this.id, { ...what, deadline, stageMinutes, cause, channels, toldAt }));
  }

  delivered({ noticeId, topic, decisionId, channel }: Posting, deliveredAt: Date): void {
    this.record(new NoticeDelivered(this.id, { noticeId, topic, decisionId, channel, deliveredAt }));
  }

  undelivered(
    about: Pick<Posting, 'noticeId' | 'topic' | 'decisionId' | 'channel'>,
    reason: string,
    at: Date,
  ): void {
    const { noticeId, topic, decisionId, channel } = about;
    this.record(new NoticeUndelivered(this.id, { noticeId, topic, decisionId, channel, reason, at }));
  }

  protected evolve(state: NoticeBookState, event: NoticeEvent): NoticeBookState {
    return evolve(state, event);
  }
}

function evolve(state: NoticeBookState, event: NoticeEvent): NoticeBookState {
  switch (event.type) {
    case 'notice.told':
      return { ...state, told: state.told + 1, lastToldAt: event.data.toldAt };
    case 'notice.delivered':
      return { ...state, delivered: state.delivered + 1 };
    case 'notice.undelivered':
      return { ...state, undelivered: state.undelivered + 1 };
  }
}
