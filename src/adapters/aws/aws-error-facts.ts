import { ComputeError } from '../../workers';
import { AWS_ERROR_MEANINGS } from './aws-error-meanings';

/** What an error of the SDK, or of Node beneath it, may have. */
interface SdkError {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly syscall?: string;
  /** of an AggregateError: each address of a host that was tried */
  readonly errors?: readonly unknown[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export interface AwsErrorFacts {
  /** AWS's own, or Node's where there was no answer */
  readonly code: string;
  /** HTTP status; null where there was no answer */
  readonly status: number | null;
  readonly message: string;
  /** whether no connection came about, so that nothing can have been sent */
  readonly unconnected: boolean;
  /** one of this program's own, who has not sent anything */
  readonly ours: boolean;
}

/**
 * EC2's exceptions are not modelled: `name` is AWS's code, and `$metadata` tells that AWS did answer. Read by shape, as
 * Node's own errors are no `instanceof Error` in another realm.
 */
export function awsErrorFacts(error: unknown): AwsErrorFacts {
  const { name, code, message = '', $metadata } = Object(error) as SdkError;
  const status = $metadata?.httpStatusCode ?? null;
  const answered = status !== null || AWS_ERROR_MEANINGS.has(name ?? '');
  // A broken connection is called by Node's code (ECONNRESET): its name is just Error.
  const called = answered || typeof code !== 'string' ? name : code;
  return {
    code: called ?? 'Unknown',
    status,
    message,
    unconnected: !answered && neverConnected(Object(error) as SdkError),
    ours: error instanceof ComputeError,
  };
}

function neverConnected({ syscall, message = '', errors }: SdkError): boolean {
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  if (errors?.length) return errors.every((each) => neverConnected(Object(each) as SdkError));
  // the words of @smithy/node-http-handler after connectionTimeout; requestTimeout has the same name, and other words
  return message.includes('did not establish a connection');
}
