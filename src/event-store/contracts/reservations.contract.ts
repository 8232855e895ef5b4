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
      expect(await reservations.take('name:lab', 'worker-1', 1)).toBe(true);
      expect(await reservations.take('name:lab', 'worker-1', 1)).toBe(true);
      expect(await reservations.take('name:lab', 'worker-2', 1)).toBe(false);
      expect(await reservations.holder('name:lab')).toBe('worker-1');
    });

    it('gives a key to one of sixteen that want it at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 16 }, (_, index) => reservations.take('name:lab', `worker-${index}`, 1)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await reservations.holder('name:lab')).toBe(`worker-${taken.indexOf(true)}`);
    });

    it('is never refused to its stream, whoever frees at the same time what a command left that died', async () => {
      for (let round = 0; round < 30; round += 1) {
        const key = `name:${round}`;
        const take = () => reservations.take(key, 'worker-1', 1);
        const free = () => reservations.free(key, 'worker-1', 1);
        const [one, two, , three] = await Promise.all([take(), take(), free(), take(), free()]);
        expect([one, two, three]).toEqual([true, true, true]);
      }
    });

    it('is freed by its stream only', async () => {
      await reservations.take('name:lab', 'worker-1', 1);
      expect(await reservations.free('name:lab', 'worker-2', 9)).toBe(false);
      expect(await reservations.holder('name:lab')).toBe('worker-1');
      expect(await reservations.free('name:lab', 'worker-1', 1)).toBe(true);
      expect(await reservations.free('name:lab', 'worker-1', 1)).toBe(false);
      expect(await reservations.take('name:lab', 'worker-2', 1)).toBe(true);
    });

    it('is not freed by what was decided before the commit that it was taken for', async () => {
      await reservations.take('name:lab', 'worker-1', 3);
      await reservations.take('name:lab', 'worker-1', 7);
      await reservations.take('name:lab', 'worker-1', 5);
      expect(await reservations.free('name:lab', 'worker-1', 6)).toBe(false);
      expect(await reservations.free('name:lab', 'worker-1', 7)).toBe(true);
    });

    it('tells what a stream holds up to a version', async () => {
      await reservations.take('name:a', 'worker-1', 1);
      await reservations.take('name:b', 'worker-1', 4);
      await reservations.take('name:c', 'worker-2', 1);
      expect(await reservations.heldBy('worker-1', 3)).toEqual(['name:a']);
      expect((await reservations.heldBy('worker-1', 4)).sort()).toEqual(['name:a', 'name:b']);
      expect(await reservations.heldBy('worker-3', 4)).toEqual([]);
    });

    it('expires if its stream did not take it again meanwhile', async () => {
      const start = clock.now();
      await reservations.take('name:lab', 'worker-1', 1);
      expect(await reservations.expire('name:lab', 'worker-1', start)).toBe(false);
      expect(await reservations.expire('name:lab', 'worker-2', plus(start, 1))).toBe(false);
      clock.advance(MINUTE);
      await reservations.take('name:lab', 'worker-1', 1);
      expect(await reservations.expire('name:lab', 'worker-1', plus(start, 1))).toBe(false);
      expect(await reservations.expire('name:lab', 'worker-1', plus(clock.now(), 1))).toBe(true);
      expect(await reservations.holder('name:lab')).toBeNull();
    });

    it('lists those that were taken, or taken again, before a time', async () => {
      const start = clock.now();
      for (const name of ['a', 'b', 'c']) await reservations.take(`name:${name}`, `worker-${name}`, 1);
      clock.advance(MINUTE);
      await reservations.take('name:a', 'worker-a', 1);

      expect(await reservations.olderThan('worker', start, 10)).toEqual([]);
      const old = await reservations.olderThan('worker', plus(start, 1), 10);
      expect(old.sort((x, y) => x.key.localeCompare(y.key))).toEqual([
        { key: 'name:b', stream: 'worker-b' },
        { key: 'name:c', stream: 'worker-c' },
      ]);
      expect(await reservations.olderThan('worker', plus(start, 1), 1)).toHaveLength(1);
    });

    it('lists those of one kind of stream, however many others there are', async () => {
      for (const stream of ['work-1', 'workers-1', 'template-1']) {
        await reservations.take(`name:${stream}`, stream, 1);
      }
      await reservations.take('name:lab', 'worker-1', 1);
      const later = plus(clock.now(), 1);
      const listed = async (of: string) => (await reservations.olderThan(of, later, 2)).map(({ key }) => key);
      expect(await listed('worker')).toEqual(['name:lab']);
      expect(await listed('tem')).toEqual([]);
    });
  });
}
