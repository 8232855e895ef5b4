import { AWS_ERROR_MEANINGS } from '../aws-error-meanings';
import { awsErrorFacts } from '../aws-error-facts';

/** What became of one request to AWS. */
export type CallOutcome =
  | 'ok'
  /** AWS answered, and not as asked: no fault of the region */
  | 'refused'
  /** AWS asks to slow down */
  | 'throttled'
  /** time-out, broken or no connection, an answer that cannot be read, or a fault of AWS itself */
  | 'failed'
  /** given up before it was sent */
  | 'not-sent';

/** Sorts an error of the SDK by what it says of the region that was asked. */
export function outcomeOf(error: unknown): CallOutcome {
  const { code, status, ours } = awsErrorFacts(error);
  if (ours) return 'not-sent';
  const failure = AWS_ERROR_MEANINGS.get(code)?.failure;
  if (failure === 'throttled' || status === 429) return 'throttled';
  // lack of capacity comes as HTTP 500, and is a proper answer all the same
  if (failure !== undefined) return 'refused';
  return status !== null && status >= 400 && status < 500 ? 'refused' : 'failed';
}
