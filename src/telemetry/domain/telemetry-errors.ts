import { DomainError } from '../../kernel/domain-error';
import { type CmlFailure } from './ports';

/** A reading of a CML server that did not succeed. The message never holds a secret. */
export class CmlError extends DomainError {
  readonly code: string;
  readonly kind: 'unavailable' | 'refused';

  constructor(
    readonly failure: CmlFailure,
    message: string,
    /** the certificate that the server showed, where that is the matter */
    readonly presentedCertificate: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, { failure }, options);
    const down = failure === 'unreachable' || failure === 'timeout' || failure === 'not-ready';
    this.code = down ? 'cml-unavailable' : 'cml-refused';
    this.kind = down ? 'unavailable' : 'refused';
  }

  override get retryAfterSeconds(): number | null {
    return this.kind === 'unavailable' ? 60 : null;
  }
}

/** Somebody asked for the same worker's observation a moment ago. */
export class TooManyRefreshes extends DomainError {
  readonly code = 'too-many-refreshes';
  readonly kind = 'too-many';

  constructor(private readonly seconds: number) {
    super(`The worker was refreshed a moment ago. Try again in ${seconds} s.`);
  }

  override get retryAfterSeconds(): number {
    return this.seconds;
  }
}

export class RegionNotFound extends DomainError {
  readonly code = 'region-not-found';
  readonly kind = 'not-found';

  constructor(name: string) {
    super(`The region ${name} is not configured. GET /api/v1/regions lists those that are.`);
  }
}
