import { type FleetClock, type MachineClock } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type Secret } from '../../kernel/secret';
import { type SecretVault, SecretUnreadable } from '../../secrets';
import { type Delivery, type DeliveryTry } from '../domain/delivery';
import {
  type Deliveries,
  type DeliveryOutcome,
  type PostResult,
  type WebhookPoster,
  type WebhookRepository,
  type WebhookSigner,
} from '../domain/ports';
import { pauseAfter } from '../domain/retry-schedule';
import { signingRefs, type Webhook, type WebhookState } from '../domain/webhook';

const GONE = 410;

/** failed: it is tried again; given-up: it is not */
export type TryOutcome = 'delivered' | 'failed' | 'given-up';

export interface AttemptServices {
  readonly webhooks: WebhookRepository;
  readonly deliveries: Deliveries;
  readonly vault: SecretVault;
  readonly signer: WebhookSigner;
  readonly poster: WebhookPoster;
  readonly clock: MachineClock;
  readonly fleet: FleetClock;
  /** a number from 0 to below 1 */
  readonly random: () => number;
  /** Hears of each try that was stored. Must not throw. */
  readonly onTry?: (outcome: TryOutcome) => void;
  /** people should hear that nothing is sent any more; the reason holds nothing of the URL */
  readonly onDisabled: (webhookId: string, reason: string) => void;
}

const TRY_OUTCOMES: Readonly<Record<DeliveryOutcome['state'], TryOutcome>> = {
  delivered: 'delivered',
  pending: 'failed',
  failed: 'given-up',
};

/** One try of a delivery that this process has, and what follows from it. */
export class DeliveryAttempt {
  constructor(private readonly services: AttemptServices) {}

  /** The signal gives the delivery back, untried. @throws StoreUnavailable; it is due again when its claim is over */
  async run(delivery: Delivery, webhook: Webhook, signal: AbortSignal): Promise<void> {
    const { deliveries } = this.services;
    if (webhook.state.deletedAt) return deliveries.remove(delivery.id);
    if (webhook.state.disabled && !delivery.isPing) {
      await deliveries.record(delivery, null, { state: 'failed' });
      return;
    }
    const at = this.services.clock.now();
    const result = await this.post(delivery, webhook, at, signal);
    if (!result) {
      const { id, fence } = delivery;
      await deliveries.release({ id, owner: delivery.owner ?? '', fence });
      return;
    }
    const { retryAfterMs, ...rest } = result;
    const tried: DeliveryTry = { at, ...rest };
    const outcome = this.outcomeOf(delivery, tried, retryAfterMs);
    const isOurs = await deliveries.record(delivery, tried, outcome);
    if (isOurs) this.services.onTry?.(TRY_OUTCOMES[outcome.state]);
    if (isOurs && outcome.state === 'failed' && !delivery.isPing) {
      await this.disableWhereDead(delivery, tried, webhook);
    }
  }

  /** Null: the signal came first. */
  private async post(
    { id, body }: Delivery,
    { state }: Webhook,
    at: Date,
    signal: AbortSignal,
  ): Promise<PostResult | null> {
    const { signer, poster } = this.services;
    const failed = (error: string) => ({ status: null, error, retryAfterMs: null, durationMs: 0 });
    try {
      const secrets = await this.secretsOf(state);
      if (!secrets) return failed('the signing secret is gone: rotate it');
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        ...signer.headers({ id, body, at }, secrets),
      };
      return await poster.post({ url: state.url, headers, body }, signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof SecretUnreadable) return failed(error.message);
      throw error;
    }
  }

  /**
   * Those that sign now; null without the present one. @throws SecretUnreadable for the present one: a rotation cures
   * that, so one before it that cannot be read is left out
   */
  private async secretsOf(state: WebhookState): Promise<Secret[] | null> {
    const { vault, clock } = this.services;
    const [present = '', ...before] = signingRefs(state, clock.now());
    const current = await vault.reveal(present);
    if (!current) return null;
    const others = before.map((ref) => vault.reveal(ref).catch(nullWhereUnreadable));
    return [current, ...(await Promise.all(others)).filter((secret) => secret !== null)];
  }

  private outcomeOf(
    { attempts, isPing }: Delivery,
    { status, error }: DeliveryTry,
    retryAfterMs: number | null,
  ): DeliveryOutcome {
    if (error === null) return { state: 'delivered' };
    if (isPing || status === GONE) return { state: 'failed' };
    const pauseMs = pauseAfter(attempts + 1, retryAfterMs, this.services.random());
    return pauseMs === null ? { state: 'failed' } : { state: 'pending', pauseMs };
  }

  /** A receiver that took nothing for as long as a delivery is tried takes nothing any more. */
  private async disableWhereDead(delivery: Delivery, tried: DeliveryTry, { id }: Webhook): Promise<void> {
    const { deliveries, webhooks, fleet, onDisabled } = this.services;
    const since = delivery.firstTryAt ?? tried.at;
    const isGone = tried.status === GONE;
    if (!isGone && (await deliveries.anyDelivered(id, since))) return;
    const reason = isGone
      ? 'the receiver answered 410 Gone'
      : `nothing arrived since ${since.toISOString()}; the last try: ${tried.error}`;
    const commandId = derivedId('disable-webhook', delivery.id, String(delivery.fence));
    const context = systemContext('webhooks', commandId, { reason, causationId: delivery.eventId });
    await webhooks.update(id, context, (webhook) => {
      if (!webhook.state.deletedAt) webhook.disable(reason, fleet.now());
    });
    onDisabled(id, reason);
  }
}

function nullWhereUnreadable(error: unknown): null {
  if (error instanceof SecretUnreadable) return null;
  throw error;
}
