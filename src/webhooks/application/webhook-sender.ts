import { OneAtATime, type ReportError } from '../../event-store';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { type Delivery } from '../domain/delivery';
import { type Deliveries } from '../domain/ports';
import { type Webhook } from '../domain/webhook';
import { type DeliveryAttempt } from './delivery-attempt';
import { type WebhookDirectory } from './webhook-directory';

/** Machine milliseconds: well above the time that a try may take. */
const CLAIM_MS = MINUTE;
const AT_ONCE = 16;
const AT_ONCE_PER_WEBHOOK = 4;
/** Machine milliseconds that a stop waits for answers. */
const GRACE_MS = 10 * SECOND;

export interface SenderServices {
  readonly deliveries: Deliveries;
  readonly directory: WebhookDirectory;
  readonly attempt: DeliveryAttempt;
  /** this process among the replicas */
  readonly owner: string;
  readonly report: ReportError;
  readonly graceMs?: number;
}

/** Sends what is due, a few side by side. All processes do so: each delivery is one's at a time. */
export class WebhookSender {
  private readonly passes = new OneAtATime(() => this.pass());
  private readonly underWay = new Map<Promise<void>, string>();
  private readonly halt = new AbortController();
  private claims = 0;
  private state: 'idle' | 'started' | 'stopping' = 'idle';

  constructor(private readonly services: SenderServices) {}

  start(): void {
    this.state = 'started';
  }

  /** There may be something to send. */
  nudge(): void {
    if (this.state === 'started') void this.run();
  }

  /** Begins to send what is due, as far as there is room. Never rejects. */
  run(): Promise<void> {
    return this.passes.run();
  }

  /** Resolves when nothing is due and nothing under way any more: for tests and tools. */
  async drain(): Promise<void> {
    for (;;) {
      await this.run();
      if (this.underWay.size === 0) return;
      await Promise.all(this.underWay.keys());
    }
  }

  /** Sends this very one if it is due, whatever else is under way. @throws StoreUnavailable */
  async sendNow(id: string, webhook: Webhook): Promise<void> {
    const delivery = await this.services.deliveries.claim(id, this.claimant(), CLAIM_MS);
    if (delivery) await this.services.attempt.run(delivery, webhook, this.halt.signal);
  }

  /** Begins nothing any more, and gives back what is not answered within the time of grace. */
  async stop(): Promise<void> {
    this.state = 'stopping';
    await this.passes.idle();
    const timer = setTimeout(() => this.halt.abort(), this.services.graceMs ?? GRACE_MS);
    await Promise.all(this.underWay.keys());
    clearTimeout(timer);
  }

  private async pass(): Promise<void> {
    const { report } = this.services;
    try {
      while (this.state !== 'stopping' && this.underWay.size < AT_ONCE) {
        const delivery = await this.claim();
        if (!delivery) return;
        this.begin(delivery);
      }
    } catch (error) {
      report(error, 'look for deliveries to webhooks');
    }
  }

  private begin(delivery: Delivery): void {
    const work = this.send(delivery).finally(() => {
      this.underWay.delete(work);
      // there is room again
      this.nudge();
    });
    this.underWay.set(work, delivery.webhookId);
  }

  private async send(delivery: Delivery): Promise<void> {
    const { directory, attempt, report } = this.services;
    const { id, webhookId } = delivery;
    try {
      const webhook = directory.get(webhookId);
      // one that cannot be read any more comes back when its claim is over
      if (webhook) await attempt.run(delivery, webhook, this.halt.signal);
    } catch (error) {
      report(error, `send the delivery ${id} to the webhook ${webhookId}`);
    }
  }

  /** Those that have the least under way come first: a few that never answer do not keep the others waiting. */
  private async claim(): Promise<Delivery | null> {
    const { directory, deliveries } = this.services;
    const busy = [...this.underWay.values()];
    const ids = directory.list().map(({ id }) => id);
    for (let count = 0; count < AT_ONCE_PER_WEBHOOK; count += 1) {
      const alike = ids.filter((id) => busy.filter((other) => other === id).length === count);
      if (alike.length === 0) continue;
      const delivery = await deliveries.claimDue(alike, this.claimant(), CLAIM_MS);
      if (delivery) return delivery;
    }
    return null;
  }

  private claimant(): string {
    this.claims += 1;
    return `${this.services.owner}#${this.claims}`;
  }
}
