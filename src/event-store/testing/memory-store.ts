import { MemoryEventStore } from '../memory/memory-event-store';
import { benchParts } from './event-store-bench';

/** A store in memory with what it is made from. */
export function memoryStore() {
  const { maker, signal, ...parts } = benchParts();
  return { ...parts, signal, store: new MemoryEventStore(maker, signal) };
}
