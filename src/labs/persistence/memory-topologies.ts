import { type Secret } from '../../kernel/secret';
import { type KeptTopology } from '../domain/kept-topology';
import { type TopologyPosition, TopologyStore } from '../domain/ports';

/** Topologies in the memory of one process, for as long as it lives. */
export class MemoryTopologies extends TopologyStore {
  private readonly rows = new Map<string, { readonly topology: KeptTopology; readonly text: Secret }>();

  keep(topology: KeptTopology, text: Secret): Promise<void> {
    const known = this.rows.get(topology.id);
    const { confirmedAt } = topology;
    const row = known ? { ...known, topology: { ...known.topology, confirmedAt } } : { topology, text };
    this.rows.set(topology.id, row);
    return Promise.resolve();
  }

  page(workerId: string, after: TopologyPosition | null, limit: number): Promise<KeptTopology[]> {
    const found = [...this.rows.values()]
      .map(({ topology }) => topology)
      .filter((topology) => topology.workerId === workerId)
      .filter((topology) => !after || newestFirst(topology, after) > 0)
      .sort(newestFirst);
    return Promise.resolve(found.slice(0, limit));
  }

  find(workerId: string, id: string) {
    const row = this.rows.get(id);
    return Promise.resolve(row?.topology.workerId === workerId ? row : null);
  }
}

function newestFirst(a: TopologyPosition, b: TopologyPosition): number {
  return b.keptAt.getTime() - a.keptAt.getTime() || (a.id < b.id ? 1 : -Number(a.id !== b.id));
}
