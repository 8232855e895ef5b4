import { Logger, type LoggerService } from '@nestjs/common';
import { NoticeDelivered, NoticeTold, NoticeUndelivered } from './domain/notice-events';
import { NoticeEventLogger } from './notice-event-logger';
import { START } from './testing/notices-bench';

const ABOUT = { noticeId: 'n-1', topic: 'stop-planned', decisionId: 'd-1' } as const;
const SHOWN = { ...ABOUT, workerId: 'w-1' };

describe('notices in the log', () => {
  const lines: unknown[][] = [];
  beforeAll(() => {
    const at =
      (level: string) =>
      (...given: unknown[]): void => {
        lines.push([level, ...given]);
      };
    const logger: LoggerService = {
      log: at('log'),
      warn: at('warn'),
      error: at('error'),
      debug: at('debug'),
    };
    Logger.overrideLogger(logger);
  });
  afterAll(() => {
    Logger.overrideLogger(['error']);
  });
  beforeEach(() => lines.splice(0));
  const told: Omit<NoticeTold['data'], keyof typeof ABOUT> = {
    ...{ workerName: 'lab-1', deadline: START, stageMinutes: 5, cause: 'idle', channels: ['log'] },
    ...{ sentence: 'lab-1: nobody uses it.', toldAt: START },
  };

  it('are their sentence, with the decision behind it', () => {
    new NoticeEventLogger().handle(new NoticeTold('w-1', { ...ABOUT, ...told }));
    const { workerName, deadline, stageMinutes, channels, sentence } = told;
    expect(lines).toEqual([
      ['warn', { ...SHOWN, workerName, deadline, stageMinutes, channels }, sentence, 'Notices'],
    ]);
  });

  it.each([
    ['stop-planned', 'warn'],
    ['stop-called-off', 'log'],
    ['stopped', 'log'],
    ['unreadable', 'warn'],
    ['labs-forgotten', 'warn'],
    ['breaker-open', 'warn'],
  ] as const)('of the kind %s are at %s', (topic, level) => {
    new NoticeEventLogger().handle(new NoticeTold('w-1', { ...ABOUT, ...told, topic }));
    expect(lines.map((line) => line[0])).toEqual([level]);
  });

  it('are a line for each way that brought them, and a warning for one that did not', () => {
    const logger = new NoticeEventLogger();
    logger.handle(new NoticeDelivered('w-1', { ...ABOUT, channel: 'slack', deliveredAt: START }));
    const reason = 'its deadline has passed';
    logger.handle(new NoticeUndelivered('w-1', { ...ABOUT, channel: 'email', reason, at: START }));
    expect(lines).toEqual([
      ['debug', { ...SHOWN, channel: 'slack' }, 'notice delivered', 'Notices'],
      ['warn', { ...SHOWN, channel: 'email', detail: reason }, 'notice not delivered', 'Notices'],
    ]);
  });
});
