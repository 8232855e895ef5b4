import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateDefinition } from './aggregate-definition';
import { assertContiguous } from './commit-chain';
import { type EventDecoder } from './ports';
import { streamOf } from './stream-name';
import { type CommitTable } from './tables';

const BATCH = 500;

export interface ReplayedState<S extends object = object> {
  readonly state: S;
  readonly version: number;
}

/** One kind of aggregate, as far as its state follows from its events. */
export interface ReplayedKind<S extends object = object> {
  readonly kind: string;
  readonly snapshotSchema: number;
  after(id: string, events: readonly DomainEvent[], from: ReplayedState<S> | null): ReplayedState<S>;
}

export function replayedKind<A extends AggregateRoot<S, DomainEvent>, S extends object>(
  definition: AggregateDefinition<A, S>,
): ReplayedKind<S> {
  return {
    kind: definition.streamPrefix,
    snapshotSchema: definition.snapshotSchema,
    after: (id, events, from) => {
      const { state, version } = definition.restore(id, events, from);
      return { state, version };
    },
  };
}

/** Makes states of events alone, from the first one on: for what must not rely on snapshots. */
export class StreamReplay {
  constructor(
    private readonly commits: Pick<CommitTable, 'ofStream'>,
    private readonly decoder: EventDecoder,
  ) {}

  /**
   * The state at the end, or after the last commit that ends at `upTo` or before; null for a stream that is not there.
   * A long stream is read in pieces. @throws StoreUnavailable, CorruptStream, UnknownEvent
   */
  async of<S extends object>(
    kind: ReplayedKind<S>,
    id: string,
    upTo = Number.MAX_SAFE_INTEGER,
  ): Promise<ReplayedState<S> | null> {
    const stream = streamOf(kind.kind, id);
    let replayed: ReplayedState<S> | null = null;
    for (;;) {
      const afterVersion: number = replayed?.version ?? 0;
      const commits = await this.commits.ofStream(stream, { afterVersion, until: null, limit: BATCH });
      assertContiguous(stream, afterVersion, commits);
      const wanted = commits.filter(({ last }) => last <= upTo);
      const events = wanted.flatMap((commit) => this.decoder.decode(commit));
      if (events.length > 0) replayed = kind.after(id, events, replayed);
      if (commits.length < BATCH || wanted.length < commits.length) return replayed;
    }
  }
}
