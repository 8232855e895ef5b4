import { MemoryCommitTable } from '../memory/memory-commit-table';
import { MemoryLogTable } from '../memory/memory-log-table';
import { TableEventStore } from '../table-event-store';
import { benchParts } from './event-store-bench';

/** A store in memory with what it is made from. */
export function memoryStore() {
  const parts = benchParts();
  const tables = { commits: new MemoryCommitTable(), log: new MemoryLogTable() };
  return { ...parts, ...tables, store: new TableEventStore({ ...parts.store, ...tables }) };
}
