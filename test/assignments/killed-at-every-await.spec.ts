import { type Blow } from '../../src/licensing/testing/mortal-process';
import { ANN } from '../../src/assignments/testing/assignment.builder';
import { BOB, live, STORIES, type Story, type Told } from './request-stories';

const BLOWS = ['killed before', 'killed after', 'answer lost'] as const;

/** How a story ends, by what is stored. */
async function outcomeOf({ bench, id }: Told): Promise<object> {
  const { directory } = await bench.process();
  const now = bench.clock.now();
  const heldBy = (userId: string) =>
    directory
      .heldBy(userId, now)
      .filter(({ requestId }) => requestId !== null)
      .map(({ workerId }) => workerId);
  const { state } = await bench.request(id);
  return { state, holds: heldBy(ANN)[0] ?? null, left: heldBy(BOB)[0] ?? null, many: heldBy(ANN).length > 1 };
}

/** Types of what was stored for ann's request, and of what was granted to her. */
async function countsOf({ bench, id }: Told): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const commits = [
    ...(await bench.store.loadKind('workerrequest')).filter(({ stream }) => stream.endsWith(id)),
    ...(await bench.store.loadKind('labuser')),
    ...(await bench.store.loadKind('worker')),
  ];
  for (const { events } of commits) {
    for (const { type, data } of events) {
      if ((data as { userId?: string }).userId === BOB) continue;
      counts[type] = (counts[type] ?? 0) + 1;
    }
  }
  return counts;
}

describe.each(STORIES)('$name, served by a process that is struck once', (story: Story) => {
  let whole: Told;
  let counts: Record<string, number>;
  beforeAll(async () => {
    whole = await live(story, null);
    counts = await countsOf(whole);
  });

  it('ends as it should without a blow', async () => {
    expect(await outcomeOf(whole)).toEqual({ ...story.whole, many: false });
    expect(whole.calls).toBeGreaterThan(2);
  });

  it.each(BLOWS)('%s, at each of its calls: others bring it to the same end', async (what) => {
    for (let call = 1; call <= whole.calls; call += 1) {
      const blow: Blow = { call, what };
      const told = await live(story, blow);
      const about = [blow, told.met];
      expect([...about, await outcomeOf(told)]).toEqual([...about, { ...story.whole, many: false }]);
      // nothing is granted, made ready or wanted of a worker twice
      const now = await countsOf(told);
      for (const type of ['assignment.granted', 'worker-request.ready', 'worker.desired-state-updated']) {
        // what people did after the blow may have come before the rest
        const expected = story.then ? Math.min(now[type] ?? 0, counts[type] ?? 0) : (counts[type] ?? 0);
        expect([...about, type, now[type] ?? 0]).toEqual([...about, type, expected]);
      }
    }
  });
});
