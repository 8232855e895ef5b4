import { AggregateStores } from '../aggregate-stores';
import { EventRegistry } from '../event-decoder';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store';
import { memoryStore } from './memory-store';

/** Aggregates with these events in memory, at a time; what goes wrong beside a command fails the spec. */
export function memoryAggregates(events: Parameters<EventRegistry['register']>[0], now: Date) {
  const { store, seal, clock } = memoryStore();
  clock.set(now);
  const decoder = new EventRegistry();
  decoder.register(events);
  const stores = new AggregateStores({
    ...{ store, seal, decoder, snapshots: new MemorySnapshotStore() },
    report: (error) => {
      throw error;
    },
    random: () => 0,
    pause: () => Promise.resolve(),
  });
  return { store, seal, clock, stores };
}
