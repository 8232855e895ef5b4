import { AwsError } from '../aws-error';
import { type QueryParams } from './query-params';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** How many items a call gives at once. */
export interface PageSizes {
  readonly max: number;
  /** where the call names none */
  readonly usual: number;
}

const THOUSAND: PageSizes = { max: 1000, usual: 1000 };

/**
 * One page by MaxResults and NextToken. The token holds the place in the whole list, so that pages do not shift when
 * an item before it stops matching.
 * @param all every item with its fixed place, matching or not
 * @throws AwsError InvalidParameterValue, InvalidPaginationToken
 */
export function pageOf<T>(
  params: QueryParams,
  all: readonly T[],
  matches: (item: T) => boolean,
  { max, usual }: PageSizes = THOUSAND,
): Page<T> {
  const size = Number(params.get('MaxResults') ?? usual);
  if (!Number.isInteger(size) || size < 5 || size > max) {
    throw new AwsError('InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid.`);
  }
  const page: T[] = [];
  for (let place = startOf(params.get('NextToken')); place < all.length; place += 1) {
    const item = all[place] as T;
    if (!matches(item)) continue;
    if (page.length === size) return { items: page, nextToken: tokenOf(place) };
    page.push(item);
  }
  return { items: page, nextToken: undefined };
}

function tokenOf(place: number): string {
  return Buffer.from(`place:${place}`).toString('base64url');
}

function startOf(token: string | null): number {
  if (token === null) return 0;
  const place = /^place:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (!place) throw new AwsError('InvalidPaginationToken', 'The pagination token is invalid');
  return Number(place);
}
