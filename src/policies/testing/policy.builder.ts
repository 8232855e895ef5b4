import { type PolicyDetails, UNNAMED } from '../domain/policy-details';
import { type NewPolicy, WrittenPolicy } from '../domain/written-policy';

/** What is written into a named policy. */
export function newPolicy(given: Partial<NewPolicy> = {}): NewPolicy {
  const details: PolicyDetails = { ...UNNAMED, name: 'courses', values: {} };
  const createdAt = new Date('2027-01-01T12:00:00.000Z');
  return { ...details, scope: 'named', workerId: null, createdAt, createdBy: 'user:ann', ...given };
}

/** A policy as it is loaded, at version 1. */
export function aPolicy(id: string, given: Partial<NewPolicy> = {}): WrittenPolicy {
  return WrittenPolicy.restore(id, WrittenPolicy.create(id, newPolicy(given)).uncommitted);
}
