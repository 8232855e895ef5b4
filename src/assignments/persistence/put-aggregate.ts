import { type AggregateStore } from '../../event-store';
import { type AggregateRoot } from '../../kernel/aggregate-root';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { type DomainEvent } from '../../kernel/domain-event';

/**
 * Lets `decide` act on an aggregate whose id is known beforehand, be it there or not, and stores what it recorded.
 * @throws VersionConflict, and what `decide` throws
 */
export async function putAggregate<A extends AggregateRoot<S, DomainEvent>, S extends object>(
  store: Pick<AggregateStore<A, S>, 'load' | 'create' | 'change'>,
  fresh: A,
  context: CommandContext,
  decide: (aggregate: A) => void,
): Promise<A> {
  const { id } = fresh;
  const change = async () => (await store.change(id, context, decide)).aggregate;
  if (await store.load(id)) return change();
  decide(fresh);
  if (fresh.uncommitted.length === 0) return fresh;
  try {
    return (await store.create(fresh, context)).aggregate;
  } catch (error) {
    // somebody was faster, and it is there now
    if (error instanceof VersionConflict) return change();
    throw error;
  }
}
