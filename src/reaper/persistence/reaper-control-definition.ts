import { type AggregateDefinition } from '../../event-store';
import { type ReaperControlEvent } from '../domain/control/control-events';
import { type ReaperControlState } from '../domain/control/control-state';
import { ReaperControl } from '../domain/control/reaper-control';

/** How the fleet's ReaperControl is brought back from its stream, `reaper-fleet`. */
export const REAPER_CONTROL_DEFINITION: AggregateDefinition<ReaperControl, ReaperControlState> = {
  streamPrefix: 'reaper',
  snapshotSchema: 3,
  restore: (id, events, from) =>
    ReaperControl.restore(id, events as readonly ReaperControlEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as ReaperControlState,
  missing: (id) => new Error(`nothing happened to the reaper of ${id} yet`),
};
