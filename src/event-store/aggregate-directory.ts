import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateDefinition } from './aggregate-definition';
import { type Commit, type EventDecoder } from './ports';
import { type ReportError } from './report-error';
import { aggregateIdOf, kindOf } from './stream-name';

/**
 * The present state of all aggregates of one kind, in this process' memory: for what people configure, which is little
 * and asked for all the time. It is fed from the log (DirectoryFeed), and at once with what this process commits.
 */
export class AggregateDirectory<A extends AggregateRoot<S, DomainEvent>, S extends object> {
  private readonly aggregates = new Map<string, A>();
  /** aggregates with an event that this program cannot read: nobody may rely on what came before it */
  private readonly unread = new Set<string>();
  private readonly listeners = new Set<(aggregate: A) => void>();

  constructor(
    private readonly definition: AggregateDefinition<A, S>,
    private readonly decoder: EventDecoder,
    private readonly report: ReportError,
  ) {}

  get kind(): string {
    return this.definition.streamPrefix;
  }

  /** Takes an aggregate as it is now, unless a newer state of it is here already. */
  put(aggregate: A): void {
    if (this.unread.has(aggregate.id)) return;
    if ((this.aggregates.get(aggregate.id)?.version ?? 0) >= aggregate.version) return;
    this.aggregates.set(aggregate.id, aggregate);
    for (const listener of this.listeners) listener(aggregate);
  }

  /** Takes a commit that continues what is here; those of other kinds and of the past change nothing. */
  follow(commit: Commit): void {
    if (kindOf(commit.stream) !== this.kind) return;
    const id = aggregateIdOf(commit.stream);
    const present = this.aggregates.get(id);
    const version = present?.version ?? 0;
    if (commit.first !== version + 1) return;
    try {
      const events = this.decoder.decode(commit);
      this.put(this.definition.restore(id, events, present ? { state: present.state, version } : null));
    } catch (error) {
      this.report(error, `read ${commit.id}: ${commit.stream} is out of use until it can be read`);
      this.unread.add(id);
      this.aggregates.delete(id);
    }
  }

  get(id: string): A | null {
    return this.aggregates.get(id) ?? null;
  }

  all(): A[] {
    return [...this.aggregates.values()];
  }

  /** Ids of those that are out of use since an event of theirs cannot be read. */
  get unreadable(): string[] {
    return [...this.unread];
  }

  /** Calls the listener with each aggregate that changed; answers the function that ends it. It must not throw. */
  listen(listener: (aggregate: A) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
