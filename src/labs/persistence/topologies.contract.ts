import { MINUTE, plus } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { type KeptTopology, TOPOLOGY_LIMIT_BYTES } from '../domain/kept-topology';
import { type TopologyStore } from '../domain/ports';
import { NOW } from '../testing/labs-bench';

const at = (minute: number) => plus(NOW, minute * MINUTE);

export function aTopology(id: string, minute: number, given: Partial<KeptTopology> = {}): KeptTopology {
  return {
    ...{ id, workerId: 'w-1', workerName: 'lab-1', labId: 'a', title: 'OSPF', owner: null },
    ...{ labModifiedAt: null, sha256: 'ab'.repeat(32), sizeBytes: 3, by: 'user:ann', reason: null },
    ...{ keptAt: at(minute), confirmedAt: at(minute) },
    ...given,
  };
}

/** What every TopologyStore does; `open` answers an empty one. */
export function topologiesContract(kind: string, open: () => Promise<TopologyStore>): void {
  describe(`${kind} topologies`, () => {
    let store: TopologyStore;
    beforeEach(async () => {
      store = await open();
    });

    it.each([
      ['short', 'lab: {}\n'],
      ['empty', ''],
      ['in any script', 'title: Größe 実験 🧪\n'],
      ['as large as it may be', 'é'.repeat(TOPOLOGY_LIMIT_BYTES / 2)],
    ])('come back as they were: %s', async (_, text) => {
      await store.keep(aTopology('t-1', 0), new Secret(text));
      const found = await store.find('w-1', 't-1');
      expect(found?.topology).toEqual(aTopology('t-1', 0));
      expect(found?.text.reveal() === text).toBe(true);
    });

    it('are another worker’s or nobody’s for anyone else', async () => {
      await store.keep(aTopology('t-1', 0), new Secret('one'));
      expect(await store.find('w-2', 't-1')).toBeNull();
      expect(await store.find('w-1', 't-2')).toBeNull();
      expect(await store.page('w-2', null, 10)).toEqual([]);
    });

    it('are confirmed by being kept again, and nothing else', async () => {
      await store.keep(aTopology('t-1', 0), new Secret('one'));
      await store.keep(aTopology('t-1', 5, { by: 'user:bob', workerName: 'other' }), new Secret('one'));
      expect(await store.page('w-1', null, 10)).toEqual([aTopology('t-1', 0, { confirmedAt: at(5) })]);
      expect((await store.find('w-1', 't-1'))?.text.reveal()).toBe('one');
    });

    it('are listed newest first, in pages that inserts do not move', async () => {
      for (const [id, minute] of [
        ['t-1', 1],
        ['t-3', 2],
        ['t-2', 2],
        ['t-4', 3],
      ] as const)
        await store.keep(aTopology(id, minute), new Secret(id));
      const [first, second] = await store.page('w-1', null, 2);
      expect([first?.id, second?.id]).toEqual(['t-4', 't-3']);
      await store.keep(aTopology('t-5', 4), new Secret('t-5'));
      const rest = await store.page('w-1', second ?? null, 10);
      expect(rest.map(({ id }) => id)).toEqual(['t-2', 't-1']);
    });
  });
}
