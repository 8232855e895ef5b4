export { type NoticeFact, type StopNotice } from './domain/stop-notice';
export { NoticesSchedules } from './application/notices.schedules';
export { NoticeMetrics } from './notice-metrics';
export { NOTICE_EVENTS } from './domain/notice-events';
export { StopNotices } from './domain/stop-notices';
export { NOTICE_BOOK_DEFINITION } from './persistence/notice-book-definition';
export { StopNoticesModule } from './stop-notices.module';
export { NotificationsModule } from './notifications.module';
