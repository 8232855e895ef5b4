import { type SimulationStore } from '../domain/ports';
import { aSimulation } from '../testing/simulation.builder';

const at = (minute: number) => new Date(Date.UTC(2027, 0, 15, 12, minute));
const idsOf = (simulations: readonly { id: string }[]) => simulations.map(({ id }) => id);

/** What every store of simulations does; `open` gives an empty one. */
export function simulationsContract(open: () => Promise<SimulationStore>): void {
  it('gives back a simulation as it was, also one of all workers and of the live policy', async () => {
    const store = await open();
    const [draft, live] = [
      aSimulation(),
      aSimulation({ id: 's-2', policy: null, workerIds: null, tag: null }),
    ];
    await store.put(draft);
    await store.put(live);
    expect(await store.find(draft.id)).toEqual(draft);
    expect(await store.find('s-2')).toEqual(live);
    expect(await store.find('s-3')).toBeNull();
  });

  it('replaces one that was made anew', async () => {
    const store = await open();
    await store.put(aSimulation());
    const again = aSimulation({ finishedAt: at(3) });
    await store.put(again);
    expect(await store.find(again.id)).toEqual(again);
    expect(await store.page(9, null)).toHaveLength(1);
  });

  it('lists the sums newest first, in pages that inserts do not move', async () => {
    const store = await open();
    const minutes = { a: 1, b: 2, c: 2, d: 3 };
    for (const [id, minute] of Object.entries(minutes)) {
      await store.put(aSimulation({ id, createdAt: at(minute) }));
    }
    const first = await store.page(2, null);
    expect(idsOf(first)).toEqual(['d', 'c']);
    const { result, ...rest } = aSimulation({ id: 'd', createdAt: at(3) });
    expect(first[0]).toEqual({ ...rest, totals: result.totals });
    await store.put(aSimulation({ id: 'e', createdAt: at(4) }));
    expect(idsOf(await store.page(2, { createdAt: at(2), id: 'c' }))).toEqual(['b', 'a']);
    expect(idsOf(await store.page(2, { createdAt: at(1), id: 'a' }))).toEqual([]);
  });
}
