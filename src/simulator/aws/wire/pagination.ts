import { AwsError } from '../aws-error';
import { type QueryParams } from './query-params';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/**
 * One page by MaxResults and NextToken. The token holds the place in the whole list, so that pages do not shift when
 * an item before it stops matching.
 * @param all every item with its fixed place, matching or not
 * @throws AwsError InvalidParameterValue, InvalidPaginationToken
 */
export function pageOf<T>(params: QueryParams, all: readonly T[], matches: (item: T) => boolean): Page<T> {
  const size = Number(params.get('MaxResults') ?? 1000);
  if (!Number.isInteger(size) || size < 5 || size > 1000) {
    throw new AwsError('InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid.`);
  }
  const from = startOf(params.get('NextToken'));
  const found = all.flatMap((item, place) => (place >= from && matches(item) ? [{ item, place }] : []));
  const next = found[size];
  return {
    items: found.slice(0, size).map(({ item }) => item),
    nextToken: next && Buffer.from(`place:${next.place}`).toString('base64url'),
  };
}

function startOf(token: string | null): number {
  if (token === null) return 0;
  const place = /^place:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (!place) throw new AwsError('InvalidPaginationToken', 'The pagination token is invalid');
  return Number(place);
}
