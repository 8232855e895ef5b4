import {
  AggregateStores,
  type CommitSeal,
  EventRegistry,
  type EventStore,
  type Reservations,
} from '../../event-store';
import { MemoryReservations } from '../../event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../event-store/memory/memory-snapshot-store';
import { memoryStore } from '../../event-store/testing/memory-store';
import { type ManualClock } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { RandomIds } from '../../kernel/ids';
import { StoredLicensePools } from '../application/stored-license-pools';
import { LicensePool } from '../domain/license-pool';
import { LICENSE_POOL_EVENTS, type LicensePoolCreated } from '../domain/license-pool-events';
import { EventSourcedLicensePoolRepository } from '../persistence/event-sourced.license-pool-repository';
import { LICENSE_POOL_DEFINITION } from '../persistence/license-pool-definition';
import { newPool } from './license-pool.builder';

export interface PoolsBenchParts {
  readonly store: EventStore;
  readonly seal: CommitSeal;
  readonly clock: ManualClock;
  readonly reservations: Reservations;
  readonly pause: (machineMs: number) => Promise<void>;
}

/** Pools as one process has them, with caches of its own. */
export function poolsOver({ store, seal, clock, reservations, pause }: PoolsBenchParts) {
  const decoder = new EventRegistry();
  decoder.register(LICENSE_POOL_EVENTS);
  const report = (error: unknown) => {
    throw error;
  };
  const snapshots = new MemorySnapshotStore();
  const stores = new AggregateStores({ store, seal, decoder, snapshots, report, random: Math.random, pause });
  const repository = new EventSourcedLicensePoolRepository(
    stores.open(LICENSE_POOL_DEFINITION),
    reservations,
  );
  const pools = new StoredLicensePools(repository, clock, new RandomIds());
  return { repository, pools, stores, decoder };
}

/** Pools over stores in memory. */
export function memoryPools() {
  const { store, seal, clock } = memoryStore();
  const reservations = new MemoryReservations(clock);
  const parts = { store, seal, clock, reservations, pause: () => Promise.resolve() };
  return { ...parts, ...poolsOver(parts) };
}

let commands = 0;

/** Of a command that was not sent before. */
export function aCommand(reason: string | null = null): CommandContext {
  return systemContext('test', `command-${(commands += 1)}`, { reason });
}

/** Stores a pool of this id. */
export function storedPool(
  { repository }: Pick<ReturnType<typeof poolsOver>, 'repository'>,
  id: string,
  given: Partial<LicensePoolCreated['data']> = {},
): Promise<LicensePool> {
  return repository.add(LicensePool.create(id, newPool({ name: id, ...given })), aCommand());
}
