import { type AggregateDefinition } from '../../event-store';
import { PolicyNotFound } from '../domain/policy-errors';
import { type PolicyEvent } from '../domain/policy-events';
import { type PolicyState, WrittenPolicy } from '../domain/written-policy';

/** How a policy is brought back from its stream `idlepolicy-<id>`. */
export const POLICY_DEFINITION: AggregateDefinition<WrittenPolicy, PolicyState> = {
  streamPrefix: 'idlepolicy',
  snapshotSchema: 1,
  restore: (id, events, from) =>
    WrittenPolicy.restore(id, events as readonly PolicyEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as PolicyState,
  missing: (id) => new PolicyNotFound(id),
};
