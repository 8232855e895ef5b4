import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorKind, InvalidInput, StoreUnavailable } from '../kernel/domain-error';
import { isProblemCode, type ProblemCode, PROBLEMS } from './problem-catalogue';

/** What is wrong, before it is known with which request. */
export interface Finding {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  /** further members of the problem document */
  readonly members: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | null;
  /** null: the client's doing; `outside`: AWS, CML or the database; `fault`: ours, a person must look */
  readonly blame: 'outside' | 'fault' | null;
}

const STATUS_OF_KIND: Record<ErrorKind, number> = {
  'not-found': 404,
  conflict: 409,
  'precondition-failed': 412,
  invalid: 422,
  forbidden: 403,
  unauthenticated: 401,
  'too-many': 429,
  refused: 502,
  unavailable: 503,
};

/** Seconds; for an unavailable part that does not know better. */
const RETRY_AFTER = 10;

const RESERVED = ['type', 'title', 'status', 'detail', 'instance', 'code', 'correlationId', 'errors'];

/** The driver's errors that mean "no answer from the database", by name: the driver itself is not known here. */
const STORE_IS_DOWN =
  /^(Mongo(Network(Timeout)?|ServerSelection|PoolCleared|WaitQueueTimeout|OperationTimeout|NotConnected|TopologyClosed|ClientClosed)Error|MongooseServerSelectionError)$/;

/** What to tell a client about an error. Unknown errors tell nothing about themselves. */
export function findingOf(error: unknown): Finding {
  if (error instanceof DomainError) return ofDomainError(error);
  if (error instanceof HttpException && error.getStatus() < 500) return ofHttpException(error);
  if (error instanceof Error && STORE_IS_DOWN.test(error.name)) {
    return ofDomainError(new StoreUnavailable('The database does not answer.', {}, { cause: error }));
  }
  return {
    code: 'internal-error',
    status: 500,
    detail: 'Something went wrong here. The log has more under the correlationId.',
    members: {},
    retryAfterSeconds: null,
    blame: 'fault',
  };
}

export function titleOf(code: string): string {
  return isProblemCode(code) ? PROBLEMS[code].title : code.replaceAll('-', ' ');
}

function ofDomainError(error: DomainError): Finding {
  const status = STATUS_OF_KIND[error.kind];
  const members = Object.entries(error.data).filter(([name]) => !RESERVED.includes(name));
  return {
    code: error.code,
    status,
    detail: error.message,
    members: {
      ...Object.fromEntries(members),
      ...(error instanceof InvalidInput && { errors: error.faults }),
    },
    retryAfterSeconds: error.retryAfterSeconds ?? (error.kind === 'unavailable' ? RETRY_AFTER : null),
    blame: status >= 500 ? 'outside' : null,
  };
}

/** Errors of Nest's router and of the body parser, whose own error is the cause. */
function ofHttpException(error: HttpException): Finding {
  const status = error.getStatus();
  const code = codeOfStatus(status, error.cause);
  return {
    code,
    status,
    detail: code === 'malformed-json' ? whereJsonEnds(error.message) : error.message,
    members: {},
    retryAfterSeconds: null,
    blame: null,
  };
}

function codeOfStatus(status: number, cause: unknown): ProblemCode {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'route-not-found';
    case 405:
      return 'method-not-allowed';
    case 413:
      return 'body-too-large';
    case 415:
      return 'unsupported-media-type';
    case 429:
      return 'too-many-requests';
    default:
      return isParseError(cause) ? 'malformed-json' : 'bad-request';
  }
}

/** The parser's own message quotes the body, in which a secret may stand: of it only the place is told, if it names one. */
function whereJsonEnds(message: string): string {
  const [place] = /at position \d+/.exec(message) ?? [];
  return place === undefined ? 'The body is not JSON.' : `The body is not JSON: it breaks off ${place}.`;
}

/** body-parser's mark on JSON that it cannot read (its README, "Errors"). */
function isParseError(cause: unknown): boolean {
  return cause instanceof Error && 'type' in cause && cause.type === 'entity.parse.failed';
}
