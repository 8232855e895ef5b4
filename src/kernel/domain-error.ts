/** What went wrong, without a word of HTTP: one filter maps the kind to a status. */
export type ErrorKind =
  | 'not-found'
  | 'conflict'
  | 'precondition-failed'
  | 'invalid'
  | 'forbidden'
  | 'unauthenticated'
  | 'too-many'
  | 'refused'
  | 'unavailable';

/** One thing wrong with the input: a JSON pointer into it ('/name'; '' is the whole) and what to do about it. */
export interface InputFault {
  pointer: string;
  message: string;
}

/**
 * An error that a client can act on. `code` is stable and names the problem page; the message is for people and never
 * holds a secret; `data` holds further members of the problem document.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;

  constructor(
    message: string,
    readonly data: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Seconds after which a repetition makes sense; sent as Retry-After. */
  get retryAfterSeconds(): number | null {
    return null;
  }
}

/** Values that are well-formed but not acceptable. */
export class InvalidInput extends DomainError {
  readonly code = 'invalid-input';
  readonly kind = 'invalid';

  constructor(readonly faults: readonly InputFault[]) {
    super(faults.map((fault) => `${fault.pointer || 'request'}: ${fault.message}`).join('; '));
  }
}

/** Somebody else changed the same thing at the same moment, again and again. */
export class VersionConflict extends DomainError {
  readonly code = 'version-conflict';
  readonly kind = 'conflict';
}

/** The resource is no longer the version that If-Match names. */
export class PreconditionFailed extends DomainError {
  readonly code = 'precondition-failed';
  readonly kind = 'precondition-failed';
}

export class StoreUnavailable extends DomainError {
  readonly code = 'store-unavailable';
  readonly kind = 'unavailable';

  override get retryAfterSeconds(): number {
    return 5;
  }
}
