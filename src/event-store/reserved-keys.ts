import { type AggregateRoot } from '../kernel/aggregate-root';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateDefinition } from './aggregate-definition';
import { type AggregateStore } from './aggregate-store';
import { type Reservations } from './ports';
import { aggregateIdOf, kindOf, streamOf } from './stream-name';

const SWEPT_AT_ONCE = 200;

export interface ReservedKeysParts<A extends AggregateRoot<S, DomainEvent>, S extends object> {
  readonly definition: AggregateDefinition<A, S>;
  readonly aggregates: Pick<AggregateStore<A, S>, 'load'>;
  readonly reservations: Reservations;
  /** what an aggregate in this state holds: nobody else may hold it at the same time */
  readonly keysOf: (state: S) => string[];
  /** what is thrown for a key that another aggregate holds; null for one that is none of this kind */
  readonly taken: (key: string, holderId: string | null) => Error;
}

/** What an aggregate holds, as far as it matters here. */
type Holder = Pick<AggregateRoot<object, DomainEvent>, 'id' | 'version'>;

/** Names and the like that are unique among the aggregates of a kind. All methods throw StoreUnavailable. */
export class ReservedKeys<A extends AggregateRoot<S, DomainEvent>, S extends object> {
  constructor(private readonly parts: ReservedKeysParts<A, S>) {}

  keysOf(state: S): string[] {
    return this.parts.keysOf(state);
  }

  /**
   * Takes what the aggregate holds and did not hold before, for the version that it has once its changes are stored.
   * @throws what `taken` makes of a key that another one holds; then nothing is taken
   */
  async take({ id, version, uncommitted, state }: A, before: readonly string[] = []): Promise<void> {
    const { reservations, keysOf, taken } = this.parts;
    const stored = version + uncommitted.length;
    const keys = without(keysOf(state), before);
    for (const [index, key] of keys.entries()) {
      if (await reservations.take(key, this.streamOf(id), stored)) continue;
      await this.freeAll({ id, version: stored }, keys.slice(0, index));
      const holder = await reservations.holder(key);
      const ofKind = holder !== null && kindOf(holder) === this.parts.definition.streamPrefix;
      throw taken(key, ofKind ? aggregateIdOf(holder) : null);
    }
  }

  /** Frees what the aggregate held before and does not hold any more. */
  async free(aggregate: A, before: readonly string[]): Promise<void> {
    await this.freeAll(aggregate, without(before, this.parts.keysOf(aggregate.state)));
  }

  /** Frees all that was taken for an aggregate that is not stored after all. */
  async giveBack({ id, version, uncommitted, state }: A): Promise<void> {
    await this.freeAll({ id, version: version + uncommitted.length }, this.parts.keysOf(state));
  }

  /**
   * Takes what a stored aggregate holds and nobody has taken, as after a restore without reservations. Answers the keys
   * that another one has taken.
   */
  async retake({ id, version, state }: A): Promise<string[]> {
    const { reservations, keysOf } = this.parts;
    const stream = this.streamOf(id);
    const contested: string[] = [];
    for (const key of keysOf(state)) {
      const holder = await reservations.holder(key);
      const ours = holder === null ? await reservations.take(key, stream, version) : holder === stream;
      if (!ours) contested.push(key);
    }
    return contested;
  }

  /** Id of the aggregate that has taken the key; it may not hold it yet, or not any more. */
  async holderOf(key: string): Promise<string | null> {
    const holder = await this.parts.reservations.holder(key);
    return holder && aggregateIdOf(holder);
  }

  /**
   * Frees what was taken before a time (machine time) by a command that never came to store its aggregate, or to free it
   * afterwards. Answers how many keys.
   */
  async sweep(takenBefore: Date): Promise<number> {
    const { definition, aggregates, reservations, keysOf } = this.parts;
    let freed = 0;
    const old = await reservations.olderThan(definition.streamPrefix, takenBefore, SWEPT_AT_ONCE);
    for (const { key, stream } of old) {
      const loaded = await aggregates.load(aggregateIdOf(stream));
      if (loaded && keysOf(loaded.aggregate.state).includes(key)) {
        // in use: taken anew it is among the youngest, and the next sweep gets to others
        await reservations.take(key, stream, loaded.aggregate.version);
        continue;
      }
      if (await reservations.expire(key, stream, takenBefore)) freed += 1;
    }
    return freed;
  }

  /** What was taken for a later version than this stays: a change that wants it again is under way, or stored. */
  private async freeAll({ id, version }: Holder, keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.parts.reservations.free(key, this.streamOf(id), version);
  }

  private streamOf(id: string): string {
    return streamOf(this.parts.definition.streamPrefix, id);
  }
}

function without(keys: readonly string[], others: readonly string[]): string[] {
  return keys.filter((key) => !others.includes(key));
}
