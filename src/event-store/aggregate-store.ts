import { isDeepStrictEqual } from 'node:util';
import { type AggregateRoot } from '../kernel/aggregate-root';
import { type CommandContext } from '../kernel/command-context';
import { VersionConflict } from '../kernel/domain-error';
import { type DomainEvent } from '../kernel/domain-event';
import { AggregateCache } from './aggregate-cache';
import { type AggregateDefinition, type CommitHook, type Loaded } from './aggregate-definition';
import { AggregateLoader, type LoaderServices } from './aggregate-loader';
import { EMPTY, headAfter } from './commit-chain';
import { plainData } from './plain-data';
import { type Commit, type StreamHead } from './ports';
import { StreamConflict } from './store-errors';
import { streamOf } from './stream-name';
import { StreamTurns } from './stream-turns';

const REDECISIONS = 5;
/** Machine milliseconds; doubled with each conflict, and between half and the whole of it waited. */
const FIRST_PAUSE = 20;

export interface AggregateStoreServices extends LoaderServices {
  /** a number from 0 to below 1 */
  readonly random: () => number;
  readonly pause: (machineMs: number) => Promise<void>;
}

/** Loads and saves aggregates of one kind. All methods throw StoreUnavailable and CorruptStream as the store does. */
export class AggregateStore<A extends AggregateRoot<S, DomainEvent>, S extends object> {
  private readonly loader: AggregateLoader<A, S>;

  constructor(
    private readonly services: AggregateStoreServices,
    private readonly definition: AggregateDefinition<A, S>,
    private readonly onCommit: readonly CommitHook<A>[] = [],
    cache = new AggregateCache<S>(),
    private readonly turns = new StreamTurns(),
  ) {
    this.loader = new AggregateLoader(services, definition, cache);
  }

  /** Null for an aggregate that was never created. */
  load(id: string): Promise<Loaded<A> | null> {
    return this.loader.load(id);
  }

  /** The aggregate as it was at a time, to be looked at only; null when it was not there yet. */
  loadAt(id: string, time: Date): Promise<Loaded<A> | null> {
    return this.loader.loadAt(id, time);
  }

  /**
   * Stores a new aggregate. A repetition of the command answers what the aggregate has become since.
   * @throws VersionConflict when another command created it
   */
  async create(aggregate: A, context: CommandContext): Promise<Loaded<A>> {
    try {
      return (await this.append(aggregate, EMPTY, context)).loaded;
    } catch (error) {
      throw error instanceof StreamConflict
        ? new VersionConflict(error.message, {}, { cause: error })
        : error;
    }
  }

  /**
   * Loads, lets `decide` act on the aggregate, and stores what it recorded, if anything. Changes of one aggregate wait
   * for each other within the process. When another process's commit came in between, all of that is done again:
   * `decide` may run several times and must have no other effect; it must not change the same aggregate. A command that
   * has its commit already is answered without running it.
   * @throws VersionConflict when others were faster six times, and what `missing` makes of an unknown id
   */
  change(
    id: string,
    context: CommandContext,
    decide: (aggregate: A) => void | Promise<void>,
  ): Promise<Loaded<A>> {
    return this.turns.run(this.streamOf(id), () => this.changeNow(id, context, decide));
  }

  /**
   * Stores what an aggregate recorded since it was loaded with this head; null when there is nothing.
   * @throws StreamConflict when it is no longer the stream's head
   */
  async save(aggregate: A, head: StreamHead, context: CommandContext): Promise<Commit | null> {
    if (aggregate.uncommitted.length === 0) return null;
    return (await this.append(aggregate, head, context)).commit;
  }

  private async changeNow(
    id: string,
    context: CommandContext,
    decide: (aggregate: A) => void | Promise<void>,
  ): Promise<Loaded<A>> {
    const [earlier, found] = await Promise.all([
      this.services.store.findCommit(this.streamOf(id), context.commandId),
      this.present(id),
    ]);
    let loaded = found;
    // it may have been stored while we read
    if (earlier) return loaded.head.version >= earlier.last ? loaded : this.present(id);
    for (let redecisions = 0; ; redecisions += 1) {
      if (redecisions > 0) loaded = await this.present(id);
      await decide(loaded.aggregate);
      if (loaded.aggregate.uncommitted.length === 0) return loaded;
      try {
        return (await this.append(loaded.aggregate, loaded.head, context)).loaded;
      } catch (error) {
        if (!(error instanceof StreamConflict)) throw error;
        if (redecisions === REDECISIONS) throw new VersionConflict(error.message, {}, { cause: error });
        await this.services.pause(FIRST_PAUSE * 2 ** redecisions * (0.5 + this.services.random() / 2));
      }
    }
  }

  private async append(
    aggregate: A,
    head: StreamHead,
    context: CommandContext,
  ): Promise<{ commit: Commit; loaded: Loaded<A> }> {
    const { id, uncommitted } = aggregate;
    const commit = await this.services.store.append({
      stream: this.streamOf(id),
      head,
      events: uncommitted,
      context,
    });
    const decided = uncommitted.map(({ type, schema, data }) => ({ type, schema, data: plainData(data) }));
    const stored = commit.events.map(({ type, schema, data }) => ({ type, schema, data }));
    if (commit.first !== head.version + 1 || !isDeepStrictEqual(stored, decided)) {
      // the same command decided elsewhere at the same time, and its decision is the one that stands
      return { commit, loaded: await this.present(id) };
    }
    const from = { state: aggregate.state as S, version: commit.last };
    const loaded = { aggregate: this.definition.restore(id, [], from), head: headAfter(commit) };
    await this.followUp(commit, loaded.aggregate);
    return { commit, loaded };
  }

  private async followUp(commit: Commit, aggregate: A): Promise<void> {
    await Promise.all([this.callHooks(commit, aggregate), this.takeSnapshot(commit, aggregate)]);
  }

  private async callHooks(commit: Commit, aggregate: A): Promise<void> {
    const events = this.services.decoder.decode(commit);
    for (const hook of this.onCommit) {
      await this.bestEffort(`follow up ${commit.id}`, () => hook(commit, events, aggregate));
    }
  }

  private async takeSnapshot(commit: Commit, { state }: A): Promise<void> {
    const { snapshots } = this.loader;
    if (!snapshots.isDue(commit)) return;
    await this.bestEffort(`snapshot ${commit.stream}`, () => snapshots.take(commit, state));
  }

  private async bestEffort(what: string, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.services.report(error, what);
    }
  }

  private async present(id: string): Promise<Loaded<A>> {
    const loaded = await this.load(id);
    if (!loaded) throw this.definition.missing(id);
    return loaded;
  }

  private streamOf(id: string): string {
    return streamOf(this.definition.streamPrefix, id);
  }
}
