import { eventOf } from '../../kernel/domain-event';
import { type OrphanPlace } from './orphan';

/** What people did about an orphan. Each event says which one it is: the same resource may be left over again. */

export class OrphanAdopted extends eventOf('orphan.adopted')<
  OrphanPlace & { readonly workerId: string; readonly adoptedAt: Date; readonly adoptedBy: string }
> {}

/** Stored before AWS is asked. Without `orphan.terminated` after it nobody knows whether it was done. */
export class OrphanTerminationRequested extends eventOf('orphan.termination-requested')<
  OrphanPlace & { readonly requestedAt: Date; readonly requestedBy: string }
> {}

/** AWS has accepted it; of a worker: it is wanted TERMINATED. */
export class OrphanTerminated extends eventOf('orphan.terminated')<
  OrphanPlace & { readonly terminatedAt: Date; readonly terminatedBy: string }
> {}

export type OrphanEvent = OrphanAdopted | OrphanTerminationRequested | OrphanTerminated;

export const ORPHAN_EVENTS = [OrphanAdopted, OrphanTerminationRequested, OrphanTerminated] as const;
