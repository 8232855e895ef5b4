export {
  type Alarm,
  type AlarmKind,
  type NoticeFact,
  type NoticeState,
  type StopCause,
  type StopNotice,
} from './domain/stop-notice';
export { StopNotices } from './domain/stop-notices';
export { type Notice, type NoticeKind } from './notice';
export { NotificationsModule } from './notifications.module';
export { Notifier } from './notifier';
