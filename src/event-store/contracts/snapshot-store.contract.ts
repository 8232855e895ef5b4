import { type Snapshot, type SnapshotStore } from '../ports';
import { START } from '../testing/books';

function aSnapshot(version: number, shelf: string): Snapshot {
  return {
    stream: 'book-b1',
    version,
    schema: 1,
    state: { shelf, placedAt: START },
    at: START,
    hash: `k1:${version}`,
    seal: `k1:of-${version}`,
  };
}

/** What every SnapshotStore does; `open` answers an empty one. */
export function snapshotStoreContract(kind: string, open: () => Promise<SnapshotStore>): void {
  describe(`${kind} snapshot store`, () => {
    let store: SnapshotStore;
    beforeEach(async () => {
      store = await open();
    });

    it('answers a snapshot as it was saved', async () => {
      expect(await store.find('book-b1')).toBeNull();
      await store.save(aSnapshot(100, 'A'));
      expect(await store.find('book-b1')).toEqual(aSnapshot(100, 'A'));
    });

    it('keeps the newer of two, whichever comes last', async () => {
      await store.save(aSnapshot(100, 'A'));
      await store.save(aSnapshot(200, 'B'));
      await store.save(aSnapshot(100, 'A'));
      expect(await store.find('book-b1')).toEqual(aSnapshot(200, 'B'));
    });

    it('keeps the newest of many that are saved at once', async () => {
      const versions = Array.from({ length: 12 }, (_, index) => 100 + ((index * 7) % 12));
      await Promise.all(versions.map((version) => store.save(aSnapshot(version, `S${version}`))));
      expect(await store.find('book-b1')).toEqual(aSnapshot(111, 'S111'));
    });
  });
}
