import { plus } from '../../kernel/clocks';
import { orphanId } from '../domain/orphan';
import { type SightingStore } from '../domain/ports';
import { aListing, aSuspect, NOW, REGION } from '../testing/orphans.builder';

const at = (minute: number) => plus(NOW, minute * 60_000);

/** What every SightingStore does; `open` answers an empty one. */
export function sightingsContract(kind: string, open: () => Promise<SightingStore>): void {
  describe(`${kind} sightings`, () => {
    let store: SightingStore;
    beforeEach(async () => {
      store = await open();
    });

    const page = (given: Partial<Parameters<SightingStore['page']>[0]> = {}) =>
      store.page({ kinds: null, awsRegions: null, after: null, limit: 10, ...given });
    const listed = async (given = {}) => (await page(given)).map(({ resourceId }) => resourceId);
    const idOf = (resourceId: string) => orphanId(aSuspect({ resourceId }));
    /** Sees them twice, the first time at that minute. */
    const confirm = async (minute: number, ids: readonly string[], given = {}) => {
      await store.record(aListing(at(minute), ids, given));
      await store.record(aListing(at(minute + 1), ids, given));
    };

    it('take a second complete listing to make an orphan, and tell so once', async () => {
      expect(await store.record(aListing(at(0), ['i-1']))).toEqual([]);
      expect([await page(), await store.find(idOf('i-1'))]).toEqual([[], null]);
      const suspect = aSuspect({ details: { ...aSuspect().details, status: 'stopped' } });
      const second = await store.record(aListing(at(10), [], { suspects: [suspect] }));
      const seen = { id: idOf('i-1'), firstSeenAt: at(0), lastSeenAt: at(10), sightings: 2 };
      expect(second).toEqual([{ ...suspect, ...seen }]);
      expect(await page()).toEqual(second);
      expect(await store.find(idOf('i-1'))).toEqual(second[0]);
      expect(await store.record(aListing(at(20), ['i-1']))).toEqual([]);
      expect(await page()).toMatchObject([{ sightings: 3, firstSeenAt: at(0), lastSeenAt: at(20) }]);
    });

    it('forget what a complete listing does not show, and begin anew with it', async () => {
      await confirm(0, ['i-1', 'i-2']);
      await store.record(aListing(at(10), ['i-2']));
      expect(await listed()).toEqual(['i-2']);
      expect(await store.record(aListing(at(20), ['i-1', 'i-2']))).toEqual([]);
      expect(await listed()).toEqual(['i-2']);
    });

    it('are of a kind and a region: another’s listing forgets nothing', async () => {
      await confirm(0, ['i-1']);
      await store.record(aListing(at(10), [], { kind: 'volume' }));
      await store.record(aListing(at(10), [], { awsRegion: 'us-east-1' }));
      expect(await listed()).toEqual(['i-1']);
    });

    it('count a listing once, and one that comes late not at all', async () => {
      await store.record(aListing(at(10), ['i-1']));
      await store.record(aListing(at(10), ['i-1']));
      expect(await listed()).toEqual([]);
      expect(await store.record(aListing(at(5), ['i-1', 'i-2']))).toEqual([]);
      expect(await listed()).toEqual([]);
      await store.record(aListing(at(20), ['i-1', 'i-2']));
      expect(await listed()).toEqual(['i-1']);
      await store.record(aListing(at(15), []));
      expect(await listed()).toEqual(['i-1']);
    });

    it('are gone when something was done about them, until they are seen twice again', async () => {
      await confirm(0, ['i-1']);
      await store.remove(idOf('i-1'));
      expect(await store.find(idOf('i-1'))).toBeNull();
      await store.record(aListing(at(10), ['i-1']));
      expect(await listed()).toEqual([]);
    });

    it('are listed by kind and region, in pages that inserts do not move', async () => {
      await confirm(0, ['i-1']);
      await confirm(10, ['vol-1', 'vol-2'], { kind: 'volume' });
      await confirm(20, ['i-9'], { awsRegion: 'us-east-1' });
      const all = await page();
      expect(all.map(({ resourceId }) => resourceId)).toEqual([
        'i-9',
        ...['vol-1', 'vol-2'].sort((a, b) => (idOfVolume(a) < idOfVolume(b) ? 1 : -1)),
        'i-1',
      ]);
      expect((await listed({ kinds: ['volume', 'address'] })).sort()).toEqual(['vol-1', 'vol-2']);
      expect(await listed({ awsRegions: ['us-east-1', 'mars-east-1'] })).toEqual(['i-9']);
      const [first, second] = await page({ limit: 2 });
      expect([first, second]).toEqual(all.slice(0, 2));
      await confirm(30, ['adr-1'], { kind: 'address' });
      expect(await page({ after: second ?? null })).toEqual(all.slice(2));
    });

    const idOfVolume = (resourceId: string) => orphanId(aSuspect({ kind: 'volume', resourceId }));

    it('are counted by the latest complete listing, with those of other installations', async () => {
      expect(await store.counts()).toEqual([]);
      await store.record(aListing(at(0), ['i-1', 'i-2']));
      await store.record(aListing(at(10), ['i-1', 'i-3'], { foreign: 4 }));
      await store.record(aListing(at(10), [], { kind: 'volume' }));
      expect(await store.counts()).toEqual([
        { kind: 'instance-without-worker', awsRegion: REGION, listedAt: at(10), foreign: 4, orphans: 1 },
        { kind: 'volume', awsRegion: REGION, listedAt: at(10), foreign: 0, orphans: 0 },
      ]);
    });
  });
}
