import { eventOf } from '../../kernel/domain-event';

/**
 * Everything that can happen to a webhook. Its signing secret is in none of it, only where the vault keeps it and a
 * fingerprint. The URL, whose path and query may be a password, stays inside.
 */

const HIDDEN = { hidden: ['url'] };

/** What an admin says about a webhook. */
export interface WebhookDetails {
  readonly url: string;
  /** of the URL: what may be shown of it */
  readonly origin: string;
  /** stored types and patterns, `worker.status-updated`, `worker.*`; none means all */
  readonly types: readonly string[];
  /** none means all, and what is about no worker as well */
  readonly workerIds: readonly string[];
  readonly description: string;
}

export class WebhookCreated extends eventOf('webhook.created', 1, HIDDEN)<
  WebhookDetails & {
    readonly secretRef: string;
    readonly secretFingerprint: string;
    readonly createdAt: Date;
    readonly createdBy: string;
  }
> {}

export class WebhookUpdated extends eventOf('webhook.updated', 1, HIDDEN)<
  WebhookDetails & { readonly updatedAt: Date }
> {}

export class WebhookSecretRotated extends eventOf('webhook.secret-rotated')<{
  readonly secretRef: string;
  readonly secretFingerprint: string;
  readonly previousSecretRef: string;
  /** machine time; until then both secrets sign */
  readonly previousUntil: Date;
}> {}

export class WebhookEnabled extends eventOf('webhook.enabled')<{ readonly at: Date }> {}

export class WebhookDisabled extends eventOf('webhook.disabled')<{
  readonly reason: string;
  readonly at: Date;
}> {}

export class WebhookDeleted extends eventOf('webhook.deleted')<{ readonly at: Date }> {}

export type WebhookEvent =
  WebhookCreated | WebhookUpdated | WebhookSecretRotated | WebhookEnabled | WebhookDisabled | WebhookDeleted;

export const WEBHOOK_EVENTS = [
  WebhookCreated,
  WebhookUpdated,
  WebhookSecretRotated,
  WebhookEnabled,
  WebhookDisabled,
  WebhookDeleted,
] as const;
