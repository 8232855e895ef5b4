import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type Commit, type StreamHead } from './ports';

/** How one kind of aggregate is brought back from its stream. */
export interface AggregateDefinition<A extends AggregateRoot<S, DomainEvent>, S extends object> {
  /** kind of the stream, `worker`; without a dash */
  readonly streamPrefix: string;
  /** The aggregate after these events, which follow `from`, or the beginning when that is null. */
  restore(id: string, events: readonly DomainEvent[], from: { state: S; version: number } | null): A;
  /** number of the state's present shape: snapshots of another one are not used */
  readonly snapshotSchema: number;
  /** The state from what a snapshot of the present schema holds: plain data and Dates, as they were in the state. */
  revive(stored: Readonly<Record<string, unknown>>): S;
  /** What `change` throws for an aggregate that was never created. */
  missing(id: string): Error;
}

/** An aggregate without uncommitted events, and the end of its stream that a save continues. */
export interface Loaded<A> {
  readonly aggregate: A;
  readonly head: StreamHead;
}

/**
 * Called after each commit, in order, and awaited: the commit, its events with their records, and the aggregate as of
 * it. Best effort: an error is reported and does not fail the command, a crash skips it; what must happen follows the
 * log as well.
 */
export type CommitHook<A> = (
  commit: Commit,
  events: readonly DomainEvent[],
  aggregate: A,
) => Promise<void> | void;
