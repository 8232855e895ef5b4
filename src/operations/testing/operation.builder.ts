import { type NewOperation } from '../domain/operation';

export const ACCEPTED_AT = new Date('2027-01-15T12:00:00.000Z');

/** A new operation of the kind `count`, but for what is stated. */
export function anOperation(given: Partial<NewOperation> = {}): NewOperation {
  return {
    id: 'o-1',
    kind: 'count',
    workerId: null,
    input: { to: 3 },
    actor: 'user:ann',
    correlationId: 'c-1',
    createdAt: ACCEPTED_AT,
    ...given,
  };
}
