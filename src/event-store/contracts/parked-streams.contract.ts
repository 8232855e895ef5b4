import { type ParkedStream, type ParkedStreams } from '../subscription-ports';

const AT = new Date('2026-01-05T08:00:00.000Z');

const row = (stream: string, given: Partial<ParkedStream> = {}): ParkedStream => ({
  ...{ subscription: 'mail', stream, fromVersion: 3, attempts: 1, error: 'no', fence: 1 },
  ...{ nextTryAt: AT, failedAt: AT },
  ...given,
});

/** What every kind of ParkedStreams does. `open` gives empty ones. */
export function parkedStreamsContract(kind: string, open: () => Promise<ParkedStreams>): void {
  describe(`${kind} parked streams`, () => {
    it('are kept by subscription and stream, from their lowest version on', async () => {
      const parked = await open();
      await parked.put(row('book-b'));
      await parked.put(row('book-a'));
      await parked.put(row('book-a', { fromVersion: 2, error: 'other' }));
      await parked.put(row('book-a', { fromVersion: 9 }));
      await parked.put(row('book-a', { subscription: 'other' }));
      expect(await parked.of('mail')).toEqual([row('book-a', { fromVersion: 2 }), row('book-b')]);
    });

    it('change only as they were read', async () => {
      const parked = await open();
      await parked.put(row('book-a'));
      expect(await parked.replace(row('book-a', { attempts: 9 }), row('book-a'))).toBe(false);
      const next = row('book-a', { attempts: 2, nextTryAt: null });
      expect(await parked.replace(row('book-a'), next)).toBe(true);
      expect(await parked.remove(row('book-a'))).toBe(false);
      expect(await parked.of('mail')).toEqual([next]);
      expect(await parked.remove(next)).toBe(true);
      expect(await parked.of('mail')).toEqual([]);
    });

    it('belong to the newest owner of the subscription only', async () => {
      const parked = await open();
      await parked.put(row('book-a'));
      const claim = { name: 'mail', owner: 'b', fence: 2, position: 0 };
      expect(await parked.adopt(claim)).toEqual([row('book-a', { fence: 2 })]);
      expect(await parked.remove(row('book-a'))).toBe(false);
      expect(await parked.replace(row('book-a'), row('book-a', { attempts: 2 }))).toBe(false);
      expect(await parked.of('mail')).toEqual([row('book-a', { fence: 2 })]);
    });

    it('are tried again at once when a person asks for it', async () => {
      const parked = await open();
      await parked.put(row('book-a', { attempts: 20, nextTryAt: null }));
      expect(await parked.retry('mail', 'book-a', AT)).toBe(true);
      expect(await parked.of('mail')).toEqual([row('book-a', { attempts: 0 })]);
      expect(await parked.retry('mail', 'book-z', AT)).toBe(false);
    });

    it('go with their subscription', async () => {
      const parked = await open();
      await parked.put(row('book-a'));
      await parked.put(row('book-a', { subscription: 'other' }));
      await parked.removeAll('mail');
      expect(await parked.of('mail')).toEqual([]);
      expect(await parked.of('other')).toHaveLength(1);
    });
  });
}
