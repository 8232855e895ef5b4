import { ComputeError, type ComputeFailure } from '../../workers';
import { awsErrorFacts } from './aws-error-facts';
import { AWS_ERROR_MEANINGS, type AwsErrorMeaning } from './aws-error-meanings';
import { retryAtOf } from './calls/retry-times';

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
 * What an error of the SDK means for us. A code that is not in the table counts by its HTTP status: 429 asks to slow
 * down (RFC 6585), any other 4xx was refused; after a 5xx, a time-out or a broken connection nobody knows whether a
 * changing call was carried out.
 */
export function computeErrorOf(error: unknown, call: AwsCall): ComputeError {
  if (error instanceof ComputeError) return error;
  const { code, status, message, unconnected } = awsErrorFacts(error);
  const { failure, advice } =
    AWS_ERROR_MEANINGS.get(code) ?? (unconnected ? UNCONNECTED : meaningOf(status, call.changes));
  const where = `${call.action} in ${call.region}`;
  const detail = detailOf(failure, message);
  const told = `${advice} (${where}: ${code}${detail && `, ${detail}`})`;
  // a log shows causes, too, and what AWS says about a bad signature quotes the request with its session token
  const cause = failure === 'credentials' ? {} : { cause: error };
  return new ComputeError(failure, code, told, { ...cause, retryAt: retryAtOf(error) });
}

const UNCONNECTED: AwsErrorMeaning = {
  failure: 'unreachable',
  advice: 'AWS cannot be reached, so nothing was sent. Check the network, and the proxy if there is one.',
};

const THROTTLED: AwsErrorMeaning = {
  failure: 'throttled',
  advice: 'AWS answers fewer calls than this account makes at the moment. It is tried again.',
};

function meaningOf(status: number | null, changes: boolean): AwsErrorMeaning {
  if (status === 429) return THROTTLED;
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

/** AWS's own words; those about credentials are left out, as they can quote parts of a request's signature. */
function detailOf(failure: ComputeFailure, message: string): string {
  if (failure === 'credentials') return '';
  const [readable = ''] = message.split('Encoded authorization failure message');
  const detail = readable.trimEnd();
  return detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail;
}
