import { AggregateRoot } from '../../kernel/aggregate-root';
import { InvalidInput } from '../../kernel/domain-error';
import { changedDetails, faultsOf, type TemplateDetails } from './template-details';
import { WorkerTemplateNotFound } from './template-errors';
import {
  type TemplateEvent,
  WorkerTemplateCreated,
  WorkerTemplateDeleted,
  WorkerTemplateUpdated,
} from './template-events';

export type NewTemplate = WorkerTemplateCreated['data'];

export interface TemplateState extends NewTemplate {
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
}

/**
 * By what workers are launched: it is copied into each worker that is created by it, and its later changes do not reach
 * those. Times are fleet time.
 */
export class WorkerTemplate extends AggregateRoot<TemplateState, TemplateEvent> {
  /** @throws InvalidInput when the values do not fit together */
  static create(id: string, given: NewTemplate): WorkerTemplate {
    mustFit(given);
    const template = new WorkerTemplate(id, NO_STATE, 0);
    template.record(new WorkerTemplateCreated(id, given));
    return template;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly TemplateEvent[],
    { state, version }: { state: TemplateState; version: number } = { state: NO_STATE, version: 0 },
  ): WorkerTemplate {
    return new WorkerTemplate(id, events.reduce(evolve, state), version + events.length);
  }

  /** Changes what is given. @throws WorkerTemplateNotFound when it is deleted; InvalidInput when it would not fit */
  update(changes: Partial<TemplateDetails>, now: Date): void {
    if (this.state.deletedAt) throw new WorkerTemplateNotFound(this.id);
    const {
      createdAt: _at,
      createdBy: _by,
      updatedAt: _updatedAt,
      deletedAt: _deletedAt,
      ...before
    } = this.state;
    const after = changedDetails(before, changes);
    mustFit(after);
    if (textOf(after) === textOf(before)) return;
    this.record(new WorkerTemplateUpdated(this.id, { ...after, updatedAt: now }));
  }

  delete(now: Date): void {
    if (!this.state.deletedAt) this.record(new WorkerTemplateDeleted(this.id, { at: now }));
  }

  protected evolve(state: TemplateState, event: TemplateEvent): TemplateState {
    return evolve(state, event);
  }
}

function mustFit(details: TemplateDetails): void {
  const faults = faultsOf(details);
  if (faults.length > 0) throw new InvalidInput(faults);
}

/** The same for the same values: members in the order of their names, lists in their own. */
function textOf(details: TemplateDetails): string {
  return JSON.stringify(details, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** What a creation event fills in; nothing reads it before. */
const NO_STATE = { deletedAt: null } as TemplateState;

function evolve(state: TemplateState, event: TemplateEvent): TemplateState {
  switch (event.type) {
    case 'worker-template.created':
      return { ...event.data, updatedAt: event.data.createdAt, deletedAt: null };
    case 'worker-template.updated':
      return { ...state, ...event.data };
    case 'worker-template.deleted':
      return { ...state, deletedAt: event.data.at };
  }
}
