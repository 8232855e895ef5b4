import { ComputeError, type ComputeFailure } from '../../workers';
import { AWS_ERROR_MEANINGS, type AwsErrorMeaning } from './aws-error-meanings';

/** A call to AWS, as far as its errors need it. */
export interface AwsCall {
  /** `RunInstances` */
  readonly action: string;
  readonly region: string;
  /** whether the call changes something, so that an unanswered one may have been carried out */
  readonly changes: boolean;
}

/** Longer texts of AWS are cut: the policy details of some go on for pages. */
const LONGEST_DETAIL = 300;

/** Does the work of a call. @throws ComputeError, and nothing else */
export async function withComputeErrors<T>(call: AwsCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw computeErrorOf(error, call);
  }
}

/**
 * What an error of the SDK means for us. A code that is not in the table counts by its HTTP status: a 4xx was refused;
 * after a 5xx, a time-out or a broken connection nobody knows whether a changing call was carried out.
 */
export function computeErrorOf(error: unknown, call: AwsCall): ComputeError {
  if (error instanceof ComputeError) return error;
  const { code, status, message } = factsOf(error);
  const { failure, advice } = AWS_ERROR_MEANINGS.get(code) ?? meaningOf(status, call.changes);
  const where = `${call.action} in ${call.region}`;
  const detail = detailOf(failure, message);
  const told = `${advice} (${where}: ${code}${detail && `, ${detail}`})`;
  // a log shows causes, too, and what AWS says about a bad signature quotes the request with its session token
  return new ComputeError(failure, code, told, failure === 'credentials' ? {} : { cause: error });
}

function meaningOf(status: number | null, changes: boolean): AwsErrorMeaning {
  if (status !== null && status >= 400 && status < 500) {
    return {
      failure: 'rejected',
      advice: 'AWS refuses the request as it is. Check the settings of the worker.',
    };
  }
  if (changes) {
    return {
      failure: 'unclear',
      advice:
        'AWS gave no clear answer; whether the call was carried out is found out before it is repeated.',
    };
  }
  return { failure: 'later', advice: 'AWS could not be read and is asked again soon.' };
}

/** What an error of the SDK, or of Node beneath it, may have. */
interface SdkError {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface ErrorFacts {
  readonly code: string;
  /** HTTP status; null where there was no answer */
  readonly status: number | null;
  readonly message: string;
}

/**
 * EC2's exceptions are not modelled: `name` is AWS's code, and `$metadata` tells that AWS did answer. Read by shape, as
 * Node's own errors are no `instanceof Error` in another realm.
 */
function factsOf(error: unknown): ErrorFacts {
  const { name, code, message, $metadata } = Object(error) as SdkError;
  const status = $metadata?.httpStatusCode ?? null;
  const answered = status !== null || AWS_ERROR_MEANINGS.has(name ?? '');
  // A broken connection is called by Node's code (ECONNRESET): its name is just Error.
  const called = answered || typeof code !== 'string' ? name : code;
  return { code: called ?? 'Unknown', status, message: message ?? '' };
}

/** AWS's own words; those about credentials are left out, as they can quote parts of a request's signature. */
function detailOf(failure: ComputeFailure, message: string): string {
  if (failure === 'credentials') return '';
  const [readable = ''] = message.split(/\s*Encoded authorization failure message/);
  return readable.length > LONGEST_DETAIL ? `${readable.slice(0, LONGEST_DETAIL)}…` : readable;
}
