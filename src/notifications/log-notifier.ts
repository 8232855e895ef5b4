import { Injectable, Logger } from '@nestjs/common';
import { type Notice, type NoticeKind } from './notice';
import { Notifier } from './notifier';

const LEVEL: Readonly<Record<NoticeKind, 'warn' | 'log'>> = {
  'stop-planned': 'warn',
  'stop-called-off': 'log',
  'stopped-idle': 'log',
  unreadable: 'warn',
};

/** Notices as log lines: where no other way to people is set up, the log is where they look. */
@Injectable()
export class LogNotifier extends Notifier {
  private readonly logger = new Logger('Notices');

  notify({ id, kind, workerId, workerName, decisionId, sentence }: Notice): void {
    this.logger[LEVEL[kind]]({ noticeId: id, kind, workerId, workerName, decisionId }, sentence);
  }
}
