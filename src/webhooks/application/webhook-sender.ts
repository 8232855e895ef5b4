import { type ReportError, SideBySide } from '../../event-store';
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
export class WebhookSender extends SideBySide<Delivery> {
  private readonly aborted = new AbortController();
  private claims = 0;

  constructor(private readonly services: SenderServices) {
    super(AT_ONCE);
  }

  /** Sends this very one if it is due, whatever else is under way. @throws StoreUnavailable */
  async sendNow(id: string, webhook: Webhook): Promise<void> {
    const delivery = await this.services.deliveries.claim(id, this.claimant(), CLAIM_MS);
    if (delivery) await this.services.attempt.run(delivery, webhook, this.aborted.signal);
  }

  /** Begins nothing any more, and gives back what is not answered within the time of grace. */
  async stop(): Promise<void> {
    await this.halt();
    const timer = setTimeout(() => this.aborted.abort(), this.services.graceMs ?? GRACE_MS);
    await this.settled();
    clearTimeout(timer);
  }

  protected async carryOut(delivery: Delivery): Promise<void> {
    const { directory, attempt, report } = this.services;
    const { id, webhookId } = delivery;
    try {
      const webhook = directory.get(webhookId);
      // one that cannot be read any more comes back when its claim is over
      if (webhook) await attempt.run(delivery, webhook, this.aborted.signal);
    } catch (error) {
      report(error, `send the delivery ${id} to the webhook ${webhookId}`);
    }
  }

  /** Those that have the least under way come first: a few that never answer do not keep the others waiting. */
  protected async claim(): Promise<Delivery | null> {
    const { directory, deliveries } = this.services;
    const busy = this.underWay.map(({ webhookId }) => webhookId);
    const ids = directory.list().map(({ id }) => id);
    for (let count = 0; count < AT_ONCE_PER_WEBHOOK; count += 1) {
      const alike = ids.filter((id) => busy.filter((other) => other === id).length === count);
      if (alike.length === 0) continue;
      const delivery = await deliveries.claimDue(alike, this.claimant(), CLAIM_MS);
      if (delivery) return delivery;
    }
    return null;
  }

  protected reportClaim(error: unknown): void {
    this.services.report(error, 'look for deliveries to webhooks');
  }

  private claimant(): string {
    this.claims += 1;
    return `${this.services.owner}#${this.claims}`;
  }
}
