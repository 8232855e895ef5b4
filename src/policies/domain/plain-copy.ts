import { type GivenValues, type Plain } from './policy-details';

/** A copy without the members that are undefined. @throws TypeError for what is no plain data */
export function plainCopy(values: Readonly<Record<string, unknown>>): GivenValues {
  const members = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, copy(value)]));
}

function copy(value: unknown): Plain {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return value as Plain;
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value === 'object' && !(value instanceof Date)) {
    return plainCopy(value as Readonly<Record<string, unknown>>);
  }
  throw new TypeError(`not plain data: ${typeof value}`);
}
