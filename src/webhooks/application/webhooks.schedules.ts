import { type MachineClock, SECOND } from '../../kernel/clocks';
import { Tick } from '../../kernel/tick';
import { type ReportError } from '../../event-store';
import { type WebhookSender } from './webhook-sender';
import { type WebhookSubscriptions } from './webhook-subscriptions';

/** The tick of the webhooks, in every process: deliveries are claimed one by one, so that it needs no lease. */
export class WebhooksSchedules {
  readonly send: Tick;

  constructor(
    private readonly sender: WebhookSender,
    private readonly subscriptions: WebhookSubscriptions,
    clock: MachineClock,
    report: ReportError,
  ) {
    const turn = async () => {
      await subscriptions.sync();
      await sender.run();
    };
    this.send = new Tick('send-webhooks', turn, clock, (name, error) =>
      report(error, `run the tick ${name}`),
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
    await this.subscriptions.idle();
    await this.sender.stop();
  }
}
