import { ComputeError } from '../../workers';
import { type AwsCall, computeErrorOf } from './aws-errors';

/** One page, and where the next one begins; no token ends the listing. */
export interface AwsPage<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

export interface PagedAnswer<T> {
  /** what was read, in the order of the pages; not necessarily all, and an item may be in it twice */
  readonly items: readonly T[];
  readonly complete: boolean;
  /** pages that were answered, those of an abandoned try included */
  readonly pages: number;
  readonly error: ComputeError | null;
}

/** EC2 forgot where the listing was: it is to be begun again. */
const LOST_PLACE = ['InvalidNextToken', 'InvalidPaginationToken'];

/**
 * Reads page after page. One that fails ends it, and what was read before is answered as a part. A listing whose place
 * AWS lost is begun again, once. A token that comes twice would go round in circles, and counts as a failure.
 */
export async function readPages<T>(
  call: AwsCall,
  page: (token: string | undefined) => Promise<AwsPage<T>>,
): Promise<PagedAnswer<T>> {
  const first = await attempt(call, page);
  if (!first.error || !LOST_PLACE.includes(first.error.awsCode)) return first;
  const second = await attempt(call, page);
  // what the first try saw is older: it counts where the second one did not get as far
  const items = second.complete ? second.items : [...first.items, ...second.items];
  return { ...second, items, pages: first.pages + second.pages };
}

async function attempt<T>(
  call: AwsCall,
  page: (token: string | undefined) => Promise<AwsPage<T>>,
): Promise<PagedAnswer<T>> {
  const items: T[] = [];
  const tokens = new Set<string>();
  for (let token: string | undefined, pages = 0; ; pages += 1) {
    try {
      const answer = await page(token);
      for (const item of answer.items) items.push(item);
      token = answer.nextToken;
    } catch (error) {
      return { items, complete: false, pages, error: computeErrorOf(error, call) };
    }
    if (!token) return { items, complete: true, pages: pages + 1, error: null };
    if (tokens.has(token)) return { items, complete: false, pages: pages + 1, error: goesRound(call) };
    tokens.add(token);
  }
}

function goesRound({ action, region }: AwsCall): ComputeError {
  const message = `AWS names the same next page of ${action} in ${region} again. The listing is read anew soon.`;
  return new ComputeError('later', 'RepeatedNextToken', message);
}
