import { StoreUnavailable } from '../../kernel/domain-error';
import { AlreadySeated, LicensePoolExhausted, LicensePoolNotFound } from '../domain/license-pool-errors';
import { aCommand, poolsOver, type PoolsBenchParts, storedPool } from '../testing/license-pools-bench';

const PROCESSES = 4;

/** What the pools promise over every kind of store; `open` answers an empty one, as several processes have it. */
export function licensePoolsContract(kind: string, open: () => Promise<PoolsBenchParts>): void {
  describe(`licence pools over ${kind}`, () => {
    let parts: PoolsBenchParts;
    let processes: ReturnType<typeof poolsOver>[];
    const of = (index: number) => processes[index % PROCESSES] as ReturnType<typeof poolsOver>;
    const workers = (count: number) => Array.from({ length: count }, (_, index) => `w-${index}`);
    const seatsIn = async (id: string) =>
      (await of(1).repository.get(id)).state.seats.map((it) => it.workerId);

    beforeEach(async () => {
      parts = await open();
      processes = workers(PROCESSES).map(() => poolsOver(parts));
    });

    it('answers what a worker is registered with, to every process', async () => {
      await storedPool(of(0), 'p-1', {
        productLicense: 'CML_Enterprise',
        features: [{ id: 'nodes', count: 20 }],
      });
      const seat = await of(0).pools.take('p-1', 'w-1', aCommand());
      expect(seat).toEqual({
        ...{
          poolId: 'p-1',
          tokenRef: 'ref-1',
          fingerprint: 'aaaaaaaaaaaa',
          productLicense: 'CML_Enterprise',
        },
        features: [{ id: 'nodes', count: 20 }],
      });
      expect(await of(1).pools.take('p-1', 'w-1', aCommand())).toEqual(seat);
      expect(await of(2).pools.seatOf('w-1')).toEqual(seat);
      expect(await of(2).pools.seatOf('w-2')).toBeNull();
      expect(await seatsIn('p-1')).toEqual(['w-1']);
      await expect(of(0).pools.take('p-9', 'w-1', aCommand())).rejects.toThrow(LicensePoolNotFound);
    });

    it('gives the last seats to as many workers as there are seats, however many ask at once', async () => {
      await storedPool(of(0), 'p-1', { capacity: 5 });
      const taken = await Promise.allSettled(
        workers(24).map((worker, index) => of(index).pools.take('p-1', worker, aCommand())),
      );
      const refused = taken.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
      expect(refused).toHaveLength(19);
      expect(refused.filter((it) => !(it instanceof LicensePoolExhausted))).toEqual([]);
      const seated = workers(24).filter((_, index) => taken[index]?.status === 'fulfilled');
      expect((await seatsIn('p-1')).sort()).toEqual(seated.sort());

      // whoever was refused is free for other pools at once
      await storedPool(of(0), 'p-2', { capacity: 24 });
      const others = workers(24).filter((worker) => !seated.includes(worker));
      await Promise.all(others.map((worker, index) => of(index).pools.take('p-2', worker, aCommand())));
      expect(await seatsIn('p-2')).toHaveLength(19);
    });

    it('gives a worker that asks everywhere at once one seat', async () => {
      const names = ['p-1', 'p-2', 'p-3', 'p-4'];
      for (const name of names) await storedPool(of(0), name);
      for (const worker of workers(6)) {
        const asked = names.map((name, index) => of(index).pools.take(name, worker, aCommand()));
        const taken = await Promise.allSettled(asked);
        const refused = taken.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
        expect(refused.map((it) => (it as Error).constructor)).toEqual([
          AlreadySeated,
          AlreadySeated,
          AlreadySeated,
        ]);
        await of(0).pools.release(worker, aCommand());
        expect(await of(1).pools.seatOf(worker)).toBeNull();
      }
      expect((await Promise.all(names.map(seatsIn))).flat()).toEqual([]);
    });

    it('gives a seat that was given back to the next one, within one command too', async () => {
      await storedPool(of(0), 'p-1', { capacity: 1 });
      await storedPool(of(0), 'p-2', { capacity: 1 });
      const one = aCommand();
      await of(0).pools.take('p-1', 'w-1', one);
      await of(1).pools.release('w-1', one);
      await of(1).pools.release('w-1', one);
      await of(2).pools.take('p-1', 'w-1', one);
      expect(await seatsIn('p-1')).toEqual(['w-1']);
      await of(3).pools.release('w-1', one);
      await of(0).pools.take('p-2', 'w-1', one);
      await of(1).pools.take('p-1', 'w-2', aCommand());
      expect([await seatsIn('p-1'), await seatsIn('p-2')]).toEqual([['w-2'], ['w-1']]);
    });

    it('keeps a stranded seat taken, with the first reason', async () => {
      await storedPool(of(0), 'p-1', { capacity: 1 });
      await of(0).pools.take('p-1', 'w-1', aCommand());
      await Promise.all(processes.map(({ pools }, i) => pools.strand('w-1', `reason ${i}`, aCommand())));
      const pool = await of(1).repository.get('p-1');
      expect(pool.state.seats).toHaveLength(1);
      expect(pool.version).toBe(3);
      expect(pool.seatOf('w-1')?.stranded?.reason).toMatch(/^reason [0-3]$/);
      await expect(of(1).pools.take('p-1', 'w-2', aCommand())).rejects.toThrow(LicensePoolExhausted);
      await of(1).pools.strand('w-2', 'it has none', aCommand());
    });

    it('notes what servers report of seated workers', async () => {
      await storedPool(of(0), 'p-1');
      await of(0).pools.take('p-1', 'w-1', aCommand());
      const at = new Date(parts.clock.now().getTime() + 1000);
      await of(1).pools.reported('w-1', 'REGISTERED', at, aCommand());
      await of(2).pools.reported('w-2', 'REGISTERED', at, aCommand());
      const { state } = await of(3).repository.get('p-1');
      expect(state.seats.map(({ reported }) => reported)).toEqual([{ licenseStatus: 'REGISTERED', at }]);
    });

    it('keeps a name to one pool, and lets it go with the pool', async () => {
      await storedPool(of(0), 'p-1', { name: 'Campus' });
      await expect(storedPool(of(1), 'p-2', { name: 'campus' })).rejects.toThrow(
        'The name "campus" belongs to another licence pool already.',
      );
      expect((await of(2).repository.named('CAMPUS'))?.id).toBe('p-1');
      await of(2).pools.take('p-1', 'w-1', aCommand());
      await of(2).repository.update('p-1', aCommand(), (pool) => pool.delete(true, parts.clock.now()));
      expect(await of(3).repository.named('campus')).toBeNull();
      expect(await of(3).pools.seatOf('w-1')).toBeNull();
      await storedPool(of(1), 'p-3', { name: 'campus' });
      await of(3).pools.take('p-3', 'w-1', aCommand());
      await expect(of(1).repository.get('p-1')).rejects.toThrow(LicensePoolNotFound);
    });

    it('frees what a crash took and did not use, and takes again what a restore lost', async () => {
      await storedPool(of(0), 'p-1');
      await storedPool(of(0), 'p-2');
      await parts.reservations.take('license-seat:w-1', 'licensepool-p-1', 2);
      await expect(of(0).pools.take('p-2', 'w-1', aCommand())).rejects.toThrow(AlreadySeated);
      expect(await of(0).pools.seatOf('w-1')).toBeNull();
      parts.clock.advance(1000);
      expect(await of(1).repository.sweepReserved(parts.clock.now())).toBe(1);
      await of(0).pools.take('p-2', 'w-1', aCommand());

      await parts.reservations.free('license-seat:w-1', 'licensepool-p-2', 99);
      expect(await of(0).pools.seatOf('w-1')).toBeNull();
      expect(await of(2).repository.keepReserved(['p-1', 'p-2'])).toEqual([]);
      expect((await of(0).pools.seatOf('w-1'))?.poolId).toBe('p-2');
      await parts.reservations.free('license-seat:w-1', 'licensepool-p-2', 99);
      await parts.reservations.take('license-seat:w-1', 'licensepool-p-1', 9);
      expect(await of(2).repository.keepReserved(['p-1', 'p-2'])).toEqual(['license-seat:w-1']);
    });

    it('stores a seat of which the answer was lost, and finds it when asked again', async () => {
      await storedPool(of(0), 'p-1', { capacity: 1 });
      const { store } = parts;
      const lost = jest.spyOn(store, 'append').mockImplementationOnce(async function (
        this: typeof store,
        it,
      ) {
        await store.append(it);
        throw new StoreUnavailable('no answer');
      });
      await expect(of(0).pools.take('p-1', 'w-1', aCommand())).rejects.toThrow(StoreUnavailable);
      lost.mockRestore();
      expect((await of(1).pools.take('p-1', 'w-1', aCommand())).poolId).toBe('p-1');
      expect(await seatsIn('p-1')).toEqual(['w-1']);
    });
  });
}
