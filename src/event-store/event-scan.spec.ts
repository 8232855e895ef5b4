import { CloudEvent } from 'cloudevents';
import { type EventPage, scanEvents, SCANNED_AT_MOST } from './event-scan';

/** A history of so many commits with one event each, at the places 1, 2, 3 …; its reads are counted. */
function history(length: number, actorOf: (place: number) => string = () => 'ann') {
  const reads: number[] = [];
  const read = (place: number, commits: number) => {
    reads.push(commits);
    const places = Array.from({ length: Math.min(commits, length - place) }, (_, index) => place + 1 + index);
    const events = places.map((at) => ({
      event: new CloudEvent<unknown>({ id: String(at), source: '/x', type: 't', actor: actorOf(at) }),
      place: at,
    }));
    const last = places.at(-1) ?? place;
    return Promise.resolve({ events, commits: places.length, next: last < length ? last : null });
  };
  const page = (after: number, limit: number, actor?: string): Promise<EventPage<number>> =>
    scanEvents(after, { limit, filter: { actor } }, read);
  return { reads, page };
}

const idsOf = ({ events }: EventPage<number>) => events.map(({ id }) => Number(id));

describe('a page of a history', () => {
  it('ends where the limit is reached, and reads one more to know whether it is the last', async () => {
    const { reads, page } = history(5);
    const first = await page(0, 3);
    expect([idsOf(first), first.next, reads]).toEqual([[1, 2, 3], 3, [4]]);
    const second = await page(3, 3);
    expect([idsOf(second), second.next]).toEqual([[4, 5], null]);
    expect((await page(2, 3)).next).toBeNull();
  });

  it('ends after so many commits, with what was found and a place to go on', async () => {
    const { page } = history(20_000, (place) => (place % 7_000 === 0 ? 'bob' : 'ann'));
    const found: number[] = [];
    let pages = 0;
    for (let place: number | null = 0; place !== null; pages += 1) {
      const { events, next }: EventPage<number> = await page(place, 2, 'bob');
      found.push(...events.map(({ id }) => Number(id)));
      expect((next ?? 20_000) - place).toBeLessThan(SCANNED_AT_MOST + 500);
      place = next;
    }
    expect([found, pages]).toEqual([[7_000, 14_000], 4]);
  });
});
