export { type Notice, type NoticeKind } from './notice';
export { NotificationsModule } from './notifications.module';
export { Notifier } from './notifier';
