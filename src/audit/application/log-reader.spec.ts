import { type LogEntry } from '../../event-store';
import { LogReader } from './log-reader';

/** A log of so many entries; every tenth is of the stream `wanted`. Its end as this process knows it may lag. */
function log(length: number, knownEnd = length) {
  const entries = Array.from({ length }, (_, index) => {
    const position = index + 1;
    return { position, commit: { stream: position % 10 === 0 ? 'wanted' : 'other' } } as LogEntry;
  });
  const after = (position: number, limit: number, wanted: (entry: LogEntry) => boolean) =>
    Promise.resolve(entries.filter((entry) => entry.position > position && wanted(entry)).slice(0, limit));
  const tail = {
    end: knownEnd,
    read: (position: number, limit: number) => after(position, limit, (entry) => entry.position <= knownEnd),
  };
  const store = {
    readLog: (position: number, limit: number, { streams = [] }: { streams?: readonly string[] } = {}) =>
      after(position, limit, ({ commit }) => streams.includes(commit.stream)),
  };
  return new LogReader(tail, store, { streams: ['wanted'], within: null });
}

describe('reading the log for a few streams', () => {
  it.each([
    ['near the end', 150, 150],
    ['far from it, with more than one batch in between', 9_000, 9_000],
    ['far from it, while other processes know more', 9_000, 4_005],
  ])('finds each of their entries once: %s', async (_name, length, knownEnd) => {
    const reader = log(length, knownEnd);
    const found: number[] = [];
    let place = 0;
    while (place < knownEnd) {
      const { entries, scannedTo } = await reader.read(place);
      expect(scannedTo).toBeGreaterThan(place);
      found.push(...entries.map(({ position }) => position));
      place = scannedTo;
    }
    expect([place, found]).toEqual([
      knownEnd,
      Array.from({ length: Math.floor(knownEnd / 10) }, (_, index) => (index + 1) * 10),
    ]);
  });
});
