import { AggregateRoot } from '../../kernel/aggregate-root';
import { type OrphanPlace } from './orphan';
import {
  OrphanAdopted,
  type OrphanEvent,
  OrphanTerminated,
  OrphanTerminationRequested,
} from './orphan-events';

/** What people did last about an orphan. Times are fleet time. */
export interface OrphanCaseState {
  /** null before anything was done */
  readonly place: OrphanPlace | null;
  readonly outcome: 'adopted' | 'terminated' | null;
  readonly workerId: string | null;
  /** since when it is wanted to end, while nobody knows that it does */
  readonly requestedAt: Date | null;
  readonly at: Date | null;
  readonly by: string | null;
}

/** The history of one orphan: who had it adopted or terminated. */
export class OrphanCase extends AggregateRoot<OrphanCaseState, OrphanEvent> {
  /** One about which nothing was done yet. */
  static open(id: string): OrphanCase {
    return new OrphanCase(id, UNTOUCHED, 0);
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly OrphanEvent[],
    { state, version }: { state: OrphanCaseState; version: number } = { state: UNTOUCHED, version: 0 },
  ): OrphanCase {
    return new OrphanCase(id, events.reduce(evolve, state), version + events.length);
  }

  adopted(place: OrphanPlace, workerId: string, adoptedBy: string, adoptedAt: Date): void {
    this.record(new OrphanAdopted(this.id, { ...place, workerId, adoptedAt, adoptedBy }));
  }

  terminationRequested(place: OrphanPlace, requestedBy: string, requestedAt: Date): void {
    this.record(new OrphanTerminationRequested(this.id, { ...place, requestedAt, requestedBy }));
  }

  terminated(place: OrphanPlace, terminatedBy: string, terminatedAt: Date): void {
    this.record(new OrphanTerminated(this.id, { ...place, terminatedAt, terminatedBy }));
  }

  protected evolve(state: OrphanCaseState, event: OrphanEvent): OrphanCaseState {
    return evolve(state, event);
  }
}

const UNTOUCHED: OrphanCaseState = {
  place: null,
  outcome: null,
  workerId: null,
  requestedAt: null,
  at: null,
  by: null,
};

function evolve(_before: OrphanCaseState, event: OrphanEvent): OrphanCaseState {
  const { kind, awsRegion, resourceId } = event.data;
  const place = { kind, awsRegion, resourceId };
  switch (event.type) {
    case 'orphan.adopted': {
      const { workerId, adoptedAt: at, adoptedBy: by } = event.data;
      return { ...UNTOUCHED, place, outcome: 'adopted', workerId, at, by };
    }
    case 'orphan.termination-requested': {
      const { requestedAt, requestedBy: by } = event.data;
      return { ...UNTOUCHED, place, requestedAt, by };
    }
    case 'orphan.terminated': {
      const { terminatedAt: at, terminatedBy: by } = event.data;
      return { ...UNTOUCHED, place, outcome: 'terminated', at, by };
    }
  }
}
