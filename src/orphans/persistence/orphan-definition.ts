import { type AggregateDefinition } from '../../event-store';
import { OrphanCase, type OrphanCaseState } from '../domain/orphan-case';
import { OrphanNotFound } from '../domain/orphan-errors';
import { type OrphanEvent } from '../domain/orphan-events';

/** How the case of an orphan is brought back from its stream `orphan-<id>`. */
export const ORPHAN_DEFINITION: AggregateDefinition<OrphanCase, OrphanCaseState> = {
  streamPrefix: 'orphan',
  snapshotSchema: 1,
  restore: (id, events, from) => OrphanCase.restore(id, events as readonly OrphanEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as OrphanCaseState,
  missing: (id) => new OrphanNotFound(id),
};
