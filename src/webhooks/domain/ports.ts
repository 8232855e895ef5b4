import { type CommandContext } from '../../kernel/command-context';
import { type Secret } from '../../kernel/secret';
import { type Delivery, type DeliveryState, type DeliveryTry, type NewDelivery } from './delivery';
import { type Webhook } from './webhook';

export abstract class WebhookRepository {
  /**
   * Stores a new webhook. A repetition of the command answers the webhook that its first try stored.
   * @throws VersionConflict when another command created a webhook with this id
   */
  abstract add(webhook: Webhook, context: CommandContext): Promise<Webhook>;

  /** @throws WebhookNotFound, for a deleted one as well */
  abstract get(id: string): Promise<Webhook>;

  /** Lets `decide` act on the webhook and stores what it recorded. @throws WebhookNotFound, VersionConflict */
  abstract update(id: string, context: CommandContext, decide: (webhook: Webhook) => void): Promise<Webhook>;
}

/** Where new signing secrets come from. */
export abstract class SecretGenerator {
  /** `whsec_` and base64 of 32 random bytes */
  abstract generate(): Secret;
}

/** That a process may send a delivery for a while. */
export interface DeliveryClaim {
  readonly id: string;
  readonly owner: string;
  readonly fence: number;
}

/** What a try led to. */
export type DeliveryOutcome =
  | { readonly state: 'delivered' }
  | { readonly state: 'failed' }
  /** `pauseMs` are machine milliseconds */
  | { readonly state: 'pending'; readonly pauseMs: number };

/** Where a delivery stands in the list of its webhook. */
export interface DeliveryPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface DeliveryPage {
  readonly webhookId: string;
  readonly states: readonly DeliveryState[] | null;
  readonly after: DeliveryPosition | null;
  readonly limit: number;
}

/** Who may send is decided by the store's clock, never by ours alone. All methods throw StoreUnavailable. */
export abstract class Deliveries {
  /** Stores those that are not there yet, due at once; the others stay as they are. */
  abstract add(deliveries: readonly NewDelivery[]): Promise<void>;
  /**
   * The one of these webhooks that is due for longest, no ping, now this owner's; null when none is. The owner's name
   * must be another one for each claim.
   */
  abstract claimDue(webhookIds: readonly string[], owner: string, lengthMs: number): Promise<Delivery | null>;
  /** This very one, a ping as well, if it is due; null when it is not, or when it is not there. */
  abstract claim(id: string, owner: string, lengthMs: number): Promise<Delivery | null>;
  /** Notes a try and what it led to. Under the claim's fence; false when it was lost meanwhile. */
  abstract record(claim: Delivery, tried: DeliveryTry | null, outcome: DeliveryOutcome): Promise<boolean>;
  /** Lets others have it at once. Under the claim's fence. */
  abstract release(claim: DeliveryClaim): Promise<boolean>;
  abstract find(id: string): Promise<Delivery | null>;
  /** Newest first. */
  abstract page(page: DeliveryPage): Promise<Delivery[]>;
  /** Whether the webhook was reached at or after a time. */
  abstract anyDelivered(webhookId: string, since: Date): Promise<boolean>;
  /** Makes one due at once, with a fresh count of tries; no effect while it is pending. */
  abstract renew(id: string): Promise<void>;
  /** The same for all that are parked, but pings. Answers how many. */
  abstract renewFailed(webhookId: string): Promise<number>;
  abstract remove(id: string): Promise<void>;
  abstract removeAll(webhookId: string): Promise<void>;
}

/** What a try sends. */
export interface OutgoingDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostResult {
  readonly status: number | null;
  /** null for a 2xx answer */
  readonly error: string | null;
  /** what the receiver asked for by Retry-After with 429 or 503 */
  readonly retryAfterMs: number | null;
  readonly durationMs: number;
}

/** Sends deliveries out of the house. */
export abstract class WebhookPoster {
  /** Throws nothing but the signal's reason, when it is aborted. */
  abstract post(delivery: OutgoingDelivery, signal: AbortSignal): Promise<PostResult>;
  abstract close(): Promise<void>;
}

/** Signs deliveries. */
export abstract class WebhookSigner {
  /** The headers by which a receiver checks who sent a body, one signature for each secret. */
  abstract headers(
    message: { readonly id: string; readonly body: string; readonly at: Date },
    secrets: readonly Secret[],
  ): Readonly<Record<string, string>>;
}

/** Which URLs may be sent to. */
export abstract class TargetPolicy {
  /** What is wrong with a URL, as far as it can be told from the URL alone; null: nothing. */
  abstract faultOf(url: string): string | null;
}
