import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateCache } from './aggregate-cache';
import { type AggregateDefinition, type Loaded } from './aggregate-definition';
import { AggregateSnapshots, SNAPSHOT_EVERY, type SnapshotServices } from './aggregate-snapshots';
import { headAfter } from './commit-chain';
import { type Commit, type EventDecoder, type EventStore, type StreamHead } from './ports';
import { CorruptStream } from './store-errors';
import { streamOf } from './stream-name';

export interface LoaderServices extends SnapshotServices {
  readonly store: EventStore;
  readonly decoder: EventDecoder;
}

/** A state to go on from, and the head of the stream as of it. */
interface Beginning<S> {
  readonly state: Readonly<S>;
  readonly head: StreamHead;
}

/**
 * Brings aggregates of one kind back from their streams: from what this process knew of them last, else from their
 * snapshot, else from their first event.
 */
export class AggregateLoader<A extends AggregateRoot<S, DomainEvent>, S extends object> {
  readonly snapshots: AggregateSnapshots;

  constructor(
    private readonly services: LoaderServices,
    private readonly definition: AggregateDefinition<A, S>,
    private readonly cache: AggregateCache<S>,
  ) {
    this.snapshots = new AggregateSnapshots(services, definition.snapshotSchema);
  }

  /** Null for an aggregate that was never created. */
  async load(id: string): Promise<Loaded<A> | null> {
    const stream = streamOf(this.definition.streamPrefix, id);
    const known = await this.fromKnown(id, stream);
    if (known) return known;
    const { store } = this.services;
    // side by side: the newest commits are nearly always those after the snapshot, with a few that it covers
    const [snapshot, newest] = await Promise.all([
      this.snapshots.find(stream),
      store.loadNewest(stream, SNAPSHOT_EVERY),
    ]);
    const afterVersion = snapshot?.version ?? 0;
    const reaches = newest.length < SNAPSHOT_EVERY || (newest[0]?.first ?? 0) <= afterVersion + 1;
    const commits = reaches
      ? newest.filter(({ first }) => first > afterVersion)
      : await store.load(stream, { afterVersion });
    const [next] = commits;
    if (snapshot && next && next.previousHash !== snapshot.hash) {
      throw new CorruptStream(`${next.id} does not continue what the snapshot of ${stream} was taken of`);
    }
    const from = snapshot && {
      state: this.definition.revive(snapshot.state),
      head: headAtSnapshot(snapshot),
    };
    return this.from(id, from, commits);
  }

  /** The aggregate as it was at a time; null when it was not there yet. */
  async loadAt(id: string, until: Date): Promise<Loaded<A> | null> {
    const stream = streamOf(this.definition.streamPrefix, id);
    const commits = await this.services.store.load(stream, { until });
    return this.restored(id, null, commits);
  }

  /** Null for a stream that this process does not know, and for one that lacks the commit by which it was known. */
  private async fromKnown(id: string, stream: string): Promise<Loaded<A> | null> {
    const known = this.cache.get(stream);
    if (!known) return null;
    const commits = await this.services.store.load(stream, { afterVersion: known.first - 1 });
    if (commits[0]?.hash === known.head.hash) return this.from(id, known, commits.slice(1));
    // the database was brought back from a copy, perhaps
    this.cache.forget(stream);
    return null;
  }

  /** Keeps what it makes: a known state is always one that was read, never one that was only decided. */
  private from(id: string, from: Beginning<S> | null, commits: readonly Commit[]): Loaded<A> | null {
    const loaded = this.restored(id, from, commits);
    const last = commits.at(-1);
    if (loaded && last) {
      const { aggregate, head } = loaded;
      this.cache.keep(last.stream, { state: aggregate.state, head, first: last.first });
    }
    return loaded;
  }

  private restored(id: string, from: Beginning<S> | null, commits: readonly Commit[]): Loaded<A> | null {
    const last = commits.at(-1);
    const head = last ? headAfter(last) : from?.head;
    if (!head) return null;
    const events = commits.flatMap((commit) => this.services.decoder.decode(commit));
    const beginning = from && { state: from.state, version: from.head.version };
    return { aggregate: this.definition.restore(id, events, beginning), head };
  }
}

function headAtSnapshot({ version, at, hash }: StreamHead): StreamHead {
  return { version, at, hash };
}
