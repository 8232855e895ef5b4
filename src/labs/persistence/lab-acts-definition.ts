import { type AggregateDefinition } from '../../event-store';
import { LabActs, type LabActsState } from '../domain/lab-acts';
import { type LabEvent } from '../domain/lab-events';

/** How the requests for a worker's labs are brought back from their stream `labs-<worker id>`. */
export const LAB_ACTS_DEFINITION: AggregateDefinition<LabActs, LabActsState> = {
  streamPrefix: 'labs',
  snapshotSchema: 1,
  restore: (id, events, from) => LabActs.restore(id, events as readonly LabEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as LabActsState,
  missing: (id) => new Error(`nobody ever asked anything of the labs of the worker ${id}`),
};
