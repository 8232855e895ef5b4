import { type ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { type Reservations } from '../ports';

/** What every Reservations does; `open` answers an empty one and the clock it reads. */
export function reservationsContract(
  kind: string,
  open: () => Promise<{ reservations: Reservations; clock: ManualClock }>,
): void {
  describe(`${kind} reservations`, () => {
    let reservations: Reservations;
    let clock: ManualClock;
    beforeEach(async () => {
      ({ reservations, clock } = await open());
    });

    it('gives a key to the stream that comes first, again and again', async () => {
      expect(await reservations.holder('name:lab')).toBeNull();
      expect(await reservations.take('name:lab', 'worker-1')).toBe(true);
      expect(await reservations.take('name:lab', 'worker-1')).toBe(true);
      expect(await reservations.take('name:lab', 'worker-2')).toBe(false);
      expect(await reservations.holder('name:lab')).toBe('worker-1');
    });

    it('gives a key to one of sixteen that want it at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 16 }, (_, index) => reservations.take('name:lab', `worker-${index}`)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await reservations.holder('name:lab')).toBe(`worker-${taken.indexOf(true)}`);
    });

    it('is freed by its stream only', async () => {
      await reservations.take('name:lab', 'worker-1');
      await reservations.free('name:lab', 'worker-2');
      expect(await reservations.holder('name:lab')).toBe('worker-1');
      await reservations.free('name:lab', 'worker-1');
      expect(await reservations.take('name:lab', 'worker-2')).toBe(true);
    });

    it('lists those that were taken, or taken again, before a time', async () => {
      const start = clock.now();
      for (const name of ['a', 'b', 'c']) await reservations.take(`name:${name}`, `worker-${name}`);
      clock.advance(MINUTE);
      await reservations.take('name:a', 'worker-a');

      expect(await reservations.olderThan(start, 10)).toEqual([]);
      const old = await reservations.olderThan(plus(start, 1), 10);
      expect(old.sort((x, y) => x.key.localeCompare(y.key))).toEqual([
        { key: 'name:b', stream: 'worker-b' },
        { key: 'name:c', stream: 'worker-c' },
      ]);
      expect(await reservations.olderThan(plus(start, 1), 1)).toHaveLength(1);
    });
  });
}
