import { DomainError } from '../../kernel/domain-error';
import { type CmlFailure } from './ports';

export interface CmlErrorOptions extends ErrorOptions {
  /** with which the server answered */
  readonly httpStatus?: number;
}

/** What passes by itself. */
const PASSING: readonly CmlFailure[] = ['unreachable', 'timeout', 'not-ready', 'busy'];

/** Something that was asked of a CML server and did not succeed. The message never holds a secret. */
export class CmlError extends DomainError {
  readonly code: string;
  readonly kind: 'unavailable' | 'refused';
  /** null where there was no answer, or none that matters */
  readonly httpStatus: number | null;

  constructor(
    readonly failure: CmlFailure,
    message: string,
    /** the certificate that the server showed, where that is the matter */
    readonly presentedCertificate: string | null = null,
    { httpStatus, ...options }: CmlErrorOptions = {},
  ) {
    super(message, { failure }, options);
    const passing = PASSING.includes(failure);
    this.code = passing ? 'cml-unavailable' : 'cml-refused';
    this.kind = passing ? 'unavailable' : 'refused';
    this.httpStatus = httpStatus ?? null;
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
