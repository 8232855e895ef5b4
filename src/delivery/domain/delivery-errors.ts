import { DomainError } from '../../kernel/domain-error';

export class SubscriptionNotFound extends DomainError {
  readonly code = 'subscription-not-found';
  readonly kind = 'not-found';

  constructor(name: string) {
    super(`There is no subscription ${name}.`);
  }
}

/** The stream is not parked: it never was, or it has caught up meanwhile. */
export class ParkedStreamNotFound extends DomainError {
  readonly code = 'parked-stream-not-found';
  readonly kind = 'not-found';

  constructor(subscription: string, stream: string) {
    super(`The stream ${stream} is not parked for ${subscription}.`);
  }
}
