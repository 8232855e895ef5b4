import { type AggregateStore, ReservedKeys, type Reservations } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type LicensePool } from '../domain/license-pool';
import { AlreadySeated, LicensePoolNameTaken, LicensePoolNotFound } from '../domain/license-pool-errors';
import { LicensePoolRepository } from '../domain/license-pool-ports';
import { type LicensePoolState } from '../domain/license-pool-state';
import { LICENSE_POOL_DEFINITION } from './license-pool-definition';

const NAME = 'license-pool-name:';
const SEAT = 'license-seat:';

/**
 * Pools by their streams. Names are unique by reservations, and so is each worker's seat: it belongs to the stream of
 * one pool, by which it is found as well.
 */
export class EventSourcedLicensePoolRepository extends LicensePoolRepository {
  private readonly keys: ReservedKeys<LicensePool, LicensePoolState>;

  constructor(
    private readonly pools: AggregateStore<LicensePool, LicensePoolState>,
    reservations: Reservations,
  ) {
    super();
    const parts = { definition: LICENSE_POOL_DEFINITION, aggregates: pools, reservations, keysOf };
    this.keys = new ReservedKeys({ ...parts, taken });
  }

  async add(pool: LicensePool, context: CommandContext): Promise<LicensePool> {
    const before = await this.pools.load(pool.id);
    if (before) return before.aggregate;
    await this.keys.take(pool);
    return (await this.pools.create(pool, context)).aggregate;
  }

  async get(id: string): Promise<LicensePool> {
    const pool = await this.living(id);
    if (!pool) throw new LicensePoolNotFound(id);
    return pool;
  }

  async named(name: string): Promise<LicensePool | null> {
    return this.having(NAME + name.toLowerCase());
  }

  async seating(workerId: string): Promise<LicensePool | null> {
    return this.having(SEAT + workerId);
  }

  async update(
    id: string,
    context: CommandContext,
    decide: (pool: LicensePool) => void,
  ): Promise<LicensePool> {
    let before: string[] = [];
    let after: string[] = [];
    const changing = this.pools.change(id, context, async (pool) => {
      before = keysOf(pool.state);
      decide(pool);
      after = keysOf(pool.state);
      await this.keys.take(pool, before);
    });
    const { aggregate } = await changing.catch(async (error: unknown) => {
      // of what nobody knows to have failed it may be the seat
      if (!(error instanceof StoreUnavailable)) await this.giveBack(id, after);
      throw error;
    });
    await this.keys.free(aggregate, before);
    return aggregate;
  }

  async keepReserved(ids: readonly string[]): Promise<string[]> {
    const contested: string[] = [];
    for (const id of ids) {
      const pool = await this.living(id);
      if (pool) contested.push(...(await this.keys.retake(pool)));
    }
    return contested;
  }

  sweepReserved(takenBefore: Date): Promise<number> {
    return this.keys.sweep(takenBefore);
  }

  /**
   * A seat may have been wanted at first, and refused when the pool was looked at again: what was taken for it then
   * would keep the worker out of other pools. What a later change of this pool wants stays.
   */
  private async giveBack(id: string, keys: readonly string[]): Promise<void> {
    const loaded = await this.pools.load(id);
    if (loaded) await this.keys.free(loaded.aggregate, keys);
  }

  /** A key may be taken by a command that is not done, or that a crash left undone: the pool itself says whether it is so. */
  private async having(key: string): Promise<LicensePool | null> {
    const id = await this.keys.holderOf(key);
    const pool = id === null ? null : await this.living(id);
    return pool && keysOf(pool.state).includes(key) ? pool : null;
  }

  private async living(id: string): Promise<LicensePool | null> {
    const loaded = await this.pools.load(id);
    return loaded && !loaded.aggregate.state.deletedAt ? loaded.aggregate : null;
  }
}

/** What no two pools may have at once; a deleted one holds nothing. */
function keysOf({ name, seats, deletedAt }: LicensePoolState): string[] {
  if (deletedAt) return [];
  return [NAME + name.toLowerCase(), ...seats.map(({ workerId }) => SEAT + workerId)];
}

function taken(key: string, holderId: string | null): Error {
  return key.startsWith(SEAT)
    ? new AlreadySeated(key.slice(SEAT.length), holderId)
    : new LicensePoolNameTaken(key.slice(NAME.length), holderId);
}
