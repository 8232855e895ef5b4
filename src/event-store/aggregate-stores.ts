import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateDefinition, type CommitHook } from './aggregate-definition';
import { AggregateCache } from './aggregate-cache';
import { AggregateStore, type AggregateStoreServices } from './aggregate-store';
import { StreamTurns } from './stream-turns';

/** Where modules get the store of their kind of aggregate. */
export class AggregateStores {
  /** one per definition, by which each cache holds the states of its kind only */
  private readonly caches = new Map<object, AggregateCache<unknown>>();
  private readonly turns = new StreamTurns();

  constructor(private readonly services: AggregateStoreServices) {}

  open<A extends AggregateRoot<S, DomainEvent>, S extends object>(
    definition: AggregateDefinition<A, S>,
    ...onCommit: readonly CommitHook<A>[]
  ): AggregateStore<A, S> {
    const cache = (this.caches.get(definition) ?? new AggregateCache()) as AggregateCache<S>;
    this.caches.set(definition, cache);
    return new AggregateStore(this.services, definition, onCommit, cache, this.turns);
  }
}
