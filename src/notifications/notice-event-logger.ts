import { Logger } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { NOTICE_EVENTS, type NoticeEvent } from './domain/notice-events';
import { type NoticeTopic } from './domain/posting';

/** What a person should see to is a warning. */
const LEVELS: Readonly<Record<NoticeTopic, 'warn' | 'log'>> = {
  'stop-planned': 'warn',
  'stop-called-off': 'log',
  stopped: 'log',
  unreadable: 'warn',
  'labs-forgotten': 'warn',
  'breaker-open': 'warn',
};

/** One log line per notice, and one for each way that it was brought, or not: where no other is set up, people look here. */
@EventsHandler(...NOTICE_EVENTS)
export class NoticeEventLogger implements IEventHandler<NoticeEvent> {
  private readonly logger = new Logger('Notices');

  handle(event: NoticeEvent): void {
    const { aggregateId: workerId } = event;
    const { noticeId, topic, decisionId } = event.data;
    const about = { noticeId, topic, workerId, decisionId };
    switch (event.type) {
      case 'notice.told': {
        const { sentence, workerName, deadline, stageMinutes, channels } = event.data;
        const more = { workerName, deadline, stageMinutes, channels };
        return void this.logger[LEVELS[topic]]({ ...about, ...more }, sentence);
      }
      case 'notice.delivered':
        return void this.logger.debug({ ...about, channel: event.data.channel }, 'notice delivered');
      case 'notice.undelivered': {
        const { channel, reason } = event.data;
        return void this.logger.warn({ ...about, channel, detail: reason }, 'notice not delivered');
      }
    }
  }
}
