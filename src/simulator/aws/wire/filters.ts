import { compileWildcard } from '../../wildcard';
import { AwsError } from '../aws-error';
import { type QueryParams } from './query-params';

/** All values of one filterable property of a thing; null: this kind of thing has no such filter. */
export type FilterValues<T> = (thing: T, name: string) => readonly string[] | null;

/**
 * The `Filter.n` parameters as a predicate: every filter must match, any of its values may, `*` and `?` are wildcards.
 * @throws AwsError InvalidParameterValue when applied, if a filter's name is unknown
 */
export function filterOf<T>(params: QueryParams, valuesOf: FilterValues<T>): (thing: T) => boolean {
  const filters = params.structures('Filter').map((filter) => ({
    name: filter.get('Name') ?? '',
    patterns: filter.list('Value').map(compileWildcard),
  }));
  return (thing) =>
    filters.every(({ name, patterns }) => {
      const values = valuesOf(thing, name);
      if (!values) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
      return values.some((value) => patterns.some((matches) => matches(value)));
    });
}

/** What `tag:<key>` and `tag-key` filter by; null for any other filter. */
export function tagFilterValues(
  tags: ReadonlyMap<string, string> | null,
  name: string,
): readonly string[] | null {
  if (name === 'tag-key') return [...(tags?.keys() ?? [])];
  if (!name.startsWith('tag:')) return null;
  const value = tags?.get(name.slice('tag:'.length));
  return value === undefined ? [] : [value];
}
