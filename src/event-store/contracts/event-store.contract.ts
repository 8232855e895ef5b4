import { StreamConflict } from '../store-errors';
import { EMPTY, firstBroken, headAfter } from '../commit-chain';
import { type EventStoreBench } from '../testing/event-store-bench';
import { aRequest, BookMoved, BookPlaced, START } from '../testing/books';

/** What every EventStore does with streams. `open` is called before, `close` after each test. */
export function eventStoreContract(kind: string, open: () => Promise<EventStoreBench>): void {
  describe(`${kind} event store: streams`, () => {
    let bench: EventStoreBench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    const append = (...changes: Parameters<typeof aRequest>) => bench.store.append(aRequest(...changes));

    it('stores events with who, why and when, and answers them as they were written', async () => {
      const placed = new BookPlaced('b1', { shelf: 'A', at: START, tags: { 'cost.center': '7' } });
      const appended = await append({ events: [placed, new BookMoved('b1', { to: 'B' })] });

      expect(appended).toMatchObject({
        id: 'book-b1:0000000001',
        stream: 'book-b1',
        first: 1,
        last: 2,
        commitId: 'command-1',
        at: START,
        previousHash: null,
        meta: { actor: 'user:ann', reason: 'tidying', correlationId: 'c-1', causationId: null },
      });
      expect(appended.events.map(({ type, schema, data }) => ({ type, schema, data }))).toEqual([
        { type: 'book.placed', schema: 1, data: { shelf: 'A', at: START, tags: { 'cost.center': '7' } } },
        { type: 'book.moved', schema: 1, data: { to: 'B' } },
      ]);
      expect(await bench.store.load('book-b1')).toEqual([appended]);
    });

    it('answers nothing for a stream that is not there', async () => {
      expect(await bench.store.load('book-b1')).toEqual([]);
      expect(await bench.store.findCommit('book-b1', 'command-1')).toBeNull();
    });

    it('loads one stream only, after a version, and until a time', async () => {
      const first = await append();
      bench.clock.advance(1000);
      const second = await append({ head: headAfter(first), commandId: 'command-2' });
      await append({ stream: 'book-b10', commandId: 'command-3' });

      expect(await bench.store.load('book-b1')).toEqual([first, second]);
      expect(await bench.store.load('book-b1', { afterVersion: 1 })).toEqual([second]);
      expect(await bench.store.load('book-b1', { until: first.at })).toEqual([first]);
      expect(await bench.store.load('book-b1', { until: new Date(first.at.getTime() - 1) })).toEqual([]);
    });

    it('loads as many as are asked for', async () => {
      const first = await append();
      const second = await append({ head: headAfter(first), commandId: 'command-2' });
      await append({ head: headAfter(second), commandId: 'command-3' });
      expect(await bench.store.load('book-b1', { limit: 2 })).toEqual([first, second]);
      expect(await bench.store.load('book-b1', { afterVersion: 1, limit: 1 })).toEqual([second]);
    });

    it('loads the newest, in order', async () => {
      const first = await append();
      const second = await append({ head: headAfter(first), commandId: 'command-2' });
      const third = await append({ head: headAfter(second), commandId: 'command-3' });
      await append({ stream: 'book-b10', commandId: 'command-4' });
      expect(await bench.store.loadNewest('book-b1', 2)).toEqual([second, third]);
      expect(await bench.store.loadNewest('book-b1', 3)).toEqual([first, second, third]);
      expect(await bench.store.loadNewest('book-b1', 9)).toEqual([first, second, third]);
      expect(await bench.store.loadNewest('book-b2', 9)).toEqual([]);
    });

    it('loads all streams of a kind', async () => {
      const first = await append();
      await append({ stream: 'books-b1', commandId: 'other kind' });
      await append({ stream: 'book', commandId: 'no aggregate' });
      const other = await append({ stream: 'book-b0' });
      const second = await append({ head: headAfter(first), commandId: 'command-2' });
      expect(await bench.store.loadKind('book')).toEqual([other, first, second]);
      expect(await bench.store.loadKind('boo')).toEqual([]);
    });

    it('loads versions in their order, beyond the tenth', async () => {
      let head = EMPTY;
      for (let version = 1; version <= 12; version += 1) {
        head = headAfter(await append({ head, commandId: `command-${version}` }));
      }
      const versions = (await bench.store.load('book-b1')).map(({ first }) => first);
      expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });

    it('refuses a commit on a version that another command took', async () => {
      const first = await append();
      await append({ head: headAfter(first), commandId: 'command-2' });
      const late = append({ head: headAfter(first), commandId: 'command-3' });
      await expect(late).rejects.toThrow(StreamConflict);
      expect(await bench.store.load('book-b1')).toHaveLength(2);
    });

    it('lets one of sixteen writers at one version win', async () => {
      const head = headAfter(await append());
      const results = await Promise.allSettled(
        Array.from({ length: 16 }, (_, writer) => append({ head, commandId: `writer-${writer}` })),
      );
      const failures = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      expect(failures).toHaveLength(15);
      for (const failure of failures) expect(failure).toBeInstanceOf(StreamConflict);
      expect(await bench.store.load('book-b1')).toHaveLength(2);
    });

    it('answers a repeated command with the commit that it made', async () => {
      const first = await append();
      await append({ head: headAfter(first), commandId: 'command-2' });
      expect(await append()).toEqual(first);
      expect(await append({ head: { version: 2, at: null, hash: null } })).toEqual(first);
      expect(await bench.store.findCommit('book-b1', 'command-1')).toEqual(first);
      expect(await bench.store.load('book-b1')).toHaveLength(2);
    });

    it('makes one commit of a command that runs sixteen times at once', async () => {
      const commits = await Promise.all(Array.from({ length: 16 }, () => append()));
      expect(new Set(commits.map(({ hash }) => hash)).size).toBe(1);
      expect(await bench.store.load('book-b1')).toHaveLength(1);
    });

    it('keeps a command id to its stream', async () => {
      const [one, other] = [await append(), await append({ stream: 'book-b2' })];
      expect(other.stream).toBe('book-b2');
      expect(other.events[0]?.id).not.toBe(one.events[0]?.id);
    });

    it('never lets time run back within a stream', async () => {
      const first = await append();
      bench.clock.advance(-60_000);
      const second = await append({ head: headAfter(first), commandId: 'command-2' });
      expect(second.at).toEqual(new Date(first.at.getTime() + 1));
    });

    it('chains the hashes of a stream, so that a change behind its back is found', async () => {
      const first = await append();
      const second = await append({ head: headAfter(first), commandId: 'command-2' });
      expect(second.previousHash).toBe(first.hash);
      expect(firstBroken(await bench.store.load('book-b1'), bench.seal)).toBeNull();

      await bench.tamper(second.id, 'mallory');
      const loaded = await bench.store.load('book-b1');
      expect(loaded[1]?.meta.actor).toBe('mallory');
      expect(firstBroken(loaded, bench.seal)?.id).toBe(second.id);
    });

    it('refuses an append without events', async () => {
      await expect(append({ events: [] })).rejects.toThrow(RangeError);
    });
  });
}
