import { type KeyUsage } from '../domain/ports';

/** What every KeyUsage must do. `fresh` makes an empty one. */
export function keyUsageContract(kind: string, fresh: () => Promise<KeyUsage>): void {
  describe(`KeyUsage in ${kind}`, () => {
    const early = new Date('2027-01-01T12:00:00.000Z');
    const late = new Date('2027-01-01T12:01:00.000Z');

    it('knows the latest use of each key that was used', async () => {
      const usage = await fresh();
      await usage.record('a', early);
      await usage.record('a', late);
      await usage.record('b', late);
      await usage.record('b', early);
      await usage.record('other', late);
      expect(await usage.lastUses(['a', 'b', 'never'])).toEqual(
        new Map([
          ['a', late],
          ['b', late],
        ]),
      );
    });

    it('takes uses of one key at the same moment', async () => {
      const usage = await fresh();
      await Promise.all(Array.from({ length: 10 }, () => usage.record('a', late)));
      expect(await usage.lastUses(['a'])).toEqual(new Map([['a', late]]));
    });
  });
}
