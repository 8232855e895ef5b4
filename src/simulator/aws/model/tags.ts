import { AwsError } from '../aws-error';

export type Tags = ReadonlyMap<string, string>;

const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/**
 * Tags with others added or overwritten.
 * @throws AwsError InvalidParameterValue, TagLimitExceeded (50 tags, keys of 128 and values of 256 characters)
 */
export function withTags(before: Tags | null, added: Tags): Tags {
  for (const [key, value] of added) {
    if (key.startsWith('aws:')) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      );
    }
    if (key === '' || key.length > MAX_KEY || value.length > MAX_VALUE) {
      throw new AwsError('InvalidParameterValue', `Tag '${key}' is empty or too long.`);
    }
  }
  const tags = new Map([...(before ?? []), ...added]);
  if (tags.size > MAX_TAGS) {
    throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
  return tags;
}

/** Tags without some; a value of null takes the key whatever its value. No list: all but AWS' own. */
export function withoutTags(
  before: Tags | null,
  removed: readonly (readonly [string, string | null])[],
): Tags {
  const goes = ([key, value]: readonly [string, string]): boolean =>
    removed.length === 0
      ? !key.startsWith('aws:')
      : removed.some(([name, wanted]) => name === key && (wanted === null || wanted === value));
  return new Map([...(before ?? [])].filter((tag) => !goes(tag)));
}
