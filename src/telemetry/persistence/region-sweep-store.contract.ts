import { MINUTE, plus } from '../../kernel/clocks';
import { type RegionSweepStore } from '../domain/ports';
import { type RegionSweep } from '../domain/region-sweep';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const sweep = (given: Partial<RegionSweep> = {}): RegionSweep => ({
  region: 'us-east-1',
  sweep: { id: 'sweep-1', begunAt: NOW, complete: true },
  sweptAt: NOW,
  size: 7,
  shrunk: { from: 70, to: 7, at: NOW },
  lastError: null,
  healthError: null,
  accountId: '111122223333',
  owner: 'replica-1',
  fence: 7,
  ...given,
});

/** What every RegionSweepStore does; `open` answers an empty one. */
export function regionSweepStoreContract(kind: string, open: () => Promise<RegionSweepStore>): void {
  describe(`${kind} region sweeps`, () => {
    it('keep the latest sweep of each region', async () => {
      const store = await open();
      const failed = sweep({ sweptAt: null, lastError: { code: 'AuthFailure', message: 'no', at: NOW } });
      const europe = sweep({ region: 'eu-west-1', accountId: null });
      expect(await store.all()).toEqual(new Map());
      await store.save(failed);
      await store.save(europe);
      expect(await store.all()).toEqual(
        new Map([
          ['us-east-1', failed],
          ['eu-west-1', europe],
        ]),
      );
      await store.save(sweep());
      const later = sweep({ sweptAt: plus(NOW, MINUTE) });
      await store.save(later);
      expect((await store.all()).get('us-east-1')).toEqual(later);
    });

    it('take nothing from a holder whose lease another has by now, be it newer', async () => {
      const store = await open();
      const taken = sweep({ owner: 'replica-2', fence: 8 });
      await store.save(sweep());
      await store.save(taken);
      await store.save(sweep({ sweptAt: plus(NOW, MINUTE) }));
      expect((await store.all()).get('us-east-1')).toEqual(taken);
      const next = sweep({ sweptAt: null, fence: 9 });
      await store.save(next);
      expect((await store.all()).get('us-east-1')).toEqual(next);
    });
  });
}
