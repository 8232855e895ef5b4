import { DomainError } from '../../kernel/domain-error';

export class WebhookNotFound extends DomainError {
  readonly code = 'webhook-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no webhook ${id}. GET /api/v1/webhooks lists them.`);
  }
}

export class DeliveryNotFound extends DomainError {
  readonly code = 'delivery-not-found';
  readonly kind = 'not-found';

  constructor(webhookId: string, id: string) {
    super(
      `The webhook ${webhookId} has no delivery ${id}, or it is older than 30 days. ` +
        `GET /api/v1/webhooks/${webhookId}/deliveries lists them.`,
    );
  }
}

/** Nothing is sent to a webhook that is disabled. */
export class WebhookIsDisabled extends DomainError {
  readonly code = 'webhook-disabled';
  readonly kind = 'conflict';

  constructor(id: string) {
    super(`The webhook ${id} is disabled. Enable it first: PATCH /api/v1/webhooks/${id} {"enabled": true}.`);
  }
}
