import { type StreamHead } from './ports';

/** An aggregate as of the newest commit that this process saw of its stream. */
export interface KnownState<S> {
  readonly state: Readonly<S>;
  readonly head: StreamHead;
  /** version of the first event of the commit that the head is of */
  readonly first: number;
}

/** Aggregates; it bounds the memory. */
const LIMIT = 1_000;

/**
 * What a process knows of the aggregates that it dealt with last. A stream only grows, so a known state is never wrong,
 * only early: whoever uses one reads the commits from its head on, and finds it there.
 */
export class AggregateCache<S> {
  private readonly known = new Map<string, KnownState<S>>();

  constructor(private readonly limit = LIMIT) {}

  get(stream: string): KnownState<S> | null {
    const known = this.known.get(stream);
    if (known) this.putLast(stream, known);
    return known ?? null;
  }

  /** Keeps the newer one. Of too many, the one that was asked for the longest time ago gives way. */
  keep(stream: string, state: KnownState<S>): void {
    const present = this.known.get(stream);
    this.putLast(stream, present && present.head.version > state.head.version ? present : state);
    const [oldest] = this.known.keys();
    if (this.known.size > this.limit && oldest !== undefined) this.known.delete(oldest);
  }

  forget(stream: string): void {
    this.known.delete(stream);
  }

  /** A map lists its members in the order in which they were put. */
  private putLast(stream: string, state: KnownState<S>): void {
    this.known.delete(stream);
    this.known.set(stream, state);
  }
}
