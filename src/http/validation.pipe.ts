import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { type StandardSchemaV1 } from '@standard-schema/spec';
import { type InputFault, InvalidInput } from '../kernel/domain-error';

/** A caller who makes more mistakes than this learns of the first ones; an answer must not be larger than its request. */
const MOST_FAULTS = 100;
/** Signs of a name that are told again. */
const LONGEST_NAME = 100;

/**
 * Validates what a route takes by its `schema` option and hands on the parsed value. Faults point into the request:
 * `/name` in the body, `/query/limit`, `/path/id`. Each unknown field of a strict schema is a fault of its own.
 */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  /** @throws InvalidInput */
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema } = metadata;
    if (!schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    const result = await this.validate<T>(value, schema);
    if (!result.issues) return result.value;
    if (metadata.type === 'body' && value === undefined) {
      throw new InvalidInput([{ pointer: '', message: 'a JSON body is needed' }]);
    }
    const place = placeOf(metadata);
    const told = result.issues.slice(0, MOST_FAULTS).flatMap((issue) => faultsOf(issue, place));
    throw new InvalidInput(told.slice(0, MOST_FAULTS));
  }
}

function placeOf({ type, data }: ArgumentMetadata): string {
  const name = data === undefined ? '' : `/${escaped(data)}`;
  if (type === 'query') return `/query${name}`;
  if (type === 'param') return `/path${name}`;
  return name;
}

function faultsOf(issue: StandardSchemaV1.Issue, place: string): InputFault[] {
  const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  const pointer = place + path.map((key) => `/${escaped(String(key))}`).join('');
  const unknown = unknownKeys(issue);
  if (unknown.length === 0) return [{ pointer, message: issue.message }];
  return unknown
    .slice(0, MOST_FAULTS)
    .map((key) => ({ pointer: `${pointer}/${escaped(key)}`, message: `unknown field "${cut(key)}"` }));
}

/** zod puts all unknown keys of one object into one issue, whose path is the object's. */
function unknownKeys(issue: object): string[] {
  const { code, keys } = issue as { code?: unknown; keys?: unknown };
  return code === 'unrecognized_keys' && Array.isArray(keys) ? keys.map(String) : [];
}

/** A key as a reference token of a JSON pointer (RFC 6901). */
function escaped(key: string): string {
  return cut(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

function cut(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
