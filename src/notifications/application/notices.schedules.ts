import { type ReportError } from '../../event-store';
import { type MachineClock, SECOND } from '../../kernel/clocks';
import { Tick } from '../../kernel/tick';
import { type NoticeSender } from './notice-sender';

/** The tick of the notices, in every process: they are claimed one by one, so that it needs no lease. */
export class NoticesSchedules {
  readonly send: Tick;

  constructor(
    private readonly sender: NoticeSender,
    clock: MachineClock,
    report: ReportError,
  ) {
    this.send = new Tick(
      'send-notices',
      () => sender.run(),
      clock,
      (name, error) => report(error, `run the tick ${name}`),
    );
  }

  get ticks(): readonly Tick[] {
    return [this.send];
  }

  start(): void {
    this.sender.start();
    this.send.every(SECOND);
  }

  /** Waits a bounded time for what is under way. */
  async stop(): Promise<void> {
    await this.send.stop();
    await this.sender.stop();
  }
}
