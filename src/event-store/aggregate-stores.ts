import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateDefinition, type CommitHook } from './aggregate-definition';
import { AggregateStore, type AggregateStoreServices } from './aggregate-store';

/** Where modules get the store of their kind of aggregate. */
export class AggregateStores {
  constructor(private readonly services: AggregateStoreServices) {}

  open<A extends AggregateRoot<S, DomainEvent>, S extends object>(
    definition: AggregateDefinition<A, S>,
    ...onCommit: readonly CommitHook<A>[]
  ): AggregateStore<A, S> {
    return new AggregateStore(this.services, definition, onCommit);
  }
}
