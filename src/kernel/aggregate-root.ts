import { type DomainEvent } from './domain-event';

/**
 * A consistency boundary whose state changes only through events. Replayed and live events pass through the same
 * `evolve`, so that what is stored and what was decided cannot differ.
 */
export abstract class AggregateRoot<S extends object, E extends DomainEvent> {
  private changes: E[] = [];

  /** `version` counts the events that led to `state`; 0 is a new aggregate. */
  protected constructor(
    readonly id: string,
    private current: S,
    private readonly loadedVersion: number,
  ) {}

  protected abstract evolve(state: S, event: E): S;

  get state(): Readonly<S> {
    return this.current;
  }

  /** The version that was loaded, which an append takes as expected. */
  get version(): number {
    return this.loadedVersion;
  }

  get uncommitted(): readonly E[] {
    return this.changes;
  }

  protected record(event: E): void {
    this.current = this.evolve(this.current, event);
    this.changes = [...this.changes, event];
  }
}
