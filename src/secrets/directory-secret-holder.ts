import { type AggregateDirectory, type DirectoryFeed } from '../event-store';
import { StoreUnavailable } from '../kernel/domain-error';
import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type SecretHolder } from './secret-holders';

/** Answers for aggregates that are kept in memory whole, after it has read the log to its end. */
export class DirectorySecretHolder<
  A extends AggregateRoot<S, DomainEvent>,
  S extends object,
> implements SecretHolder {
  constructor(
    readonly name: string,
    private readonly feed: Pick<DirectoryFeed, 'follows' | 'readAll'>,
    private readonly directory: Pick<AggregateDirectory<A, S>, 'kind' | 'follow' | 'all' | 'unreadable'>,
    private readonly refsOf: (state: Readonly<S>) => readonly string[],
  ) {}

  /** @throws StoreUnavailable; Error where an aggregate cannot be read, as an older program cannot read a newer event */
  async heldOf(refs: readonly string[]): Promise<readonly string[]> {
    // one that is not filled yet looks as if there were none
    if (!this.feed.follows(this.directory)) throw new StoreUnavailable(`${this.name} are not loaded yet`);
    await this.feed.readAll();
    const { unreadable } = this.directory;
    if (unreadable.length > 0) throw new Error(`cannot read ${this.name}: ${unreadable.join(', ')}`);
    const held = new Set(this.directory.all().flatMap(({ state }) => this.refsOf(state)));
    return refs.filter((ref) => held.has(ref));
  }
}
