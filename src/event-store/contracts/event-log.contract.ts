import { EMPTY, headAfter } from '../commit-chain';
import { type EventStoreBench } from '../testing/event-store-bench';
import { aRequest } from '../testing/books';

/** What every EventStore does with its log. `open` is called before, `close` after each test. */
export function eventLogContract(kind: string, open: () => Promise<EventStoreBench>): void {
  describe(`${kind} event store: log`, () => {
    let bench: EventStoreBench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    /** Appends commits to a new stream, one after the other. */
    async function fill(stream: string, count: number): Promise<void> {
      let head = EMPTY;
      for (let index = 1; index <= count; index += 1) {
        head = headAfter(
          await bench.store.append(aRequest({ stream, head, commandId: `${stream}-${index}` })),
        );
      }
    }

    it('is empty at first', async () => {
      expect(await bench.store.sequence()).toBe(0);
      expect(await bench.store.logEnd()).toBe(0);
      expect(await bench.store.readLog(0, 10)).toEqual([]);
    });

    it('holds a commit once it is placed, and places it once', async () => {
      const commit = await bench.store.append(aRequest());
      expect(await bench.store.readLog(0, 10)).toEqual([]);
      expect(await bench.store.sequence()).toBe(1);
      expect(await bench.store.sequence()).toBe(0);
      expect(await bench.store.readLog(0, 10)).toEqual([{ position: 1, commit }]);
    });

    it('is read in pieces', async () => {
      await fill('book-b1', 5);
      await bench.store.sequence();
      const positions = async (after: number, limit: number) =>
        (await bench.store.readLog(after, limit)).map(({ position }) => position);
      expect(await positions(0, 2)).toEqual([1, 2]);
      expect(await positions(2, 2)).toEqual([3, 4]);
      expect(await positions(4, 2)).toEqual([5]);
      expect(await positions(5, 2)).toEqual([]);
      expect(await bench.store.logEnd()).toBe(5);
    });

    it('is read backwards, and by stream', async () => {
      await fill('book-b1', 2);
      await bench.store.sequence();
      await fill('book-b2', 2);
      await bench.store.sequence();
      await fill('book-b3', 1);
      await bench.store.sequence();
      const read = async (...given: Parameters<typeof bench.store.readLogBack>) =>
        (await bench.store.readLogBack(...given)).map(({ position }) => position);
      expect(await read(6, 3)).toEqual([5, 4, 3]);
      expect(await read(3, 10)).toEqual([2, 1]);
      expect(await read(6, 10, { streams: ['book-b1'] })).toEqual([2, 1]);
      const forwards = await bench.store.readLog(0, 10, { streams: ['book-b1', 'book-b3'] });
      expect(forwards.map(({ position }) => position)).toEqual([1, 2, 5]);
    });

    it('is sealed line by line, also where several placed it', async () => {
      await fill('book-b1', 3);
      await bench.store.sequence();
      await fill('book-b2', 2);
      await (await bench.another()).sequence();
      const lines = await bench.log.read(0, 10, {});
      const commits = new Map(
        (await bench.commits.byIds(lines.map(({ commit }) => commit))).map(({ id, hash }) => [id, hash]),
      );
      const sound = lines.map((line, index) =>
        bench.logSeal.verify(line, commits.get(line.commit) ?? '', lines[index - 1] ?? null),
      );
      expect(sound).toEqual([true, true, true, true, true]);
    });

    it('holds what was committed before, also when another process took the position meanwhile', async () => {
      await bench.store.append(aRequest({ stream: 'book-b1' }));
      const other = await bench.another();
      const end = jest.spyOn(bench.placing, 'last');
      end.mockImplementationOnce(async () => {
        end.mockRestore();
        const last = await bench.placing.last();
        await other.sequence();
        await bench.store.append(aRequest({ stream: 'book-b2' }));
        return last;
      });
      await bench.store.sequence();
      expect((await bench.store.readLog(0, 10)).map(({ commit }) => commit.stream)).toEqual([
        'book-b1',
        'book-b2',
      ]);
    });

    it('has no gap and keeps the order of streams when three place while four write', async () => {
      const others = [bench.store, await bench.another(), await bench.another()];
      let writing = true;
      const sequencers = others.map(async (store) => {
        while (writing) {
          await store.sequence();
          await new Promise(setImmediate);
        }
      });
      await Promise.all(['b1', 'b2', 'b3', 'b4'].map((id) => fill(`book-${id}`, 40)));
      writing = false;
      await Promise.all(sequencers);
      await bench.store.sequence();

      const log = await bench.store.readLog(0, 1000);
      expect(log.map(({ position }) => position)).toEqual(
        Array.from({ length: 160 }, (_, index) => index + 1),
      );
      for (const id of ['b1', 'b2', 'b3', 'b4']) {
        const versions = log
          .filter(({ commit }) => commit.stream === `book-${id}`)
          .map(({ commit }) => commit.first);
        expect(versions).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
      }
    });
  });
}
