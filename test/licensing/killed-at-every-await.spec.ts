import { WORKER } from './license-bench';
import { live, STORIES, type Told } from './license-stories';
import { type Blow } from '../../src/licensing/testing/mortal-process';

const BLOWS = ['killed before', 'killed after', 'answer lost', 'arrives late'] as const;

/** How a story ends, by what is stored and by Cisco's own books. */
async function outcomeOf({ bench, end }: Told): Promise<string> {
  const { state } = await bench.license();
  const { status, licenseStatus } = await bench.worker();
  const cisco = bench.cisco.inUse.has(WORKER) ? 'in use' : 'free';
  const told = state.leftOver === null ? '' : ', told as left over';
  return `${end}: ${cisco}${told}, seat ${await bench.seat()}, ${licenseStatus}, ${status}, ${state.holding}`;
}

const IN_USE = 'succeeded: in use, seat taken, REGISTERED, RUNNING, ours';
const WHOLE: Record<string, string> = {
  'register by a pool': IN_USE,
  'register by a token': 'succeeded: in use, seat free, REGISTERED, RUNNING, ours',
  'register anew': 'succeeded: in use, seat free, REGISTERED, RUNNING, ours',
  renew: IN_USE,
  deregister: 'succeeded: free, seat free, UNREGISTERED, RUNNING, none',
  'terminate, with labs': 'succeeded: free, seat free, UNREGISTERED, TERMINATED, none',
};

/**
 * Where the word is lost by which CML tells whether Cisco has heard of the deregistration, a licence is said to be left
 * over that may not be. Nothing else may come of any blow.
 */
const UNCLEAR = [
  'client.deregister: killed after',
  'client.deregister: answer lost',
  'client.deregister: arrives late',
  'licenses.update: killed before',
];
const LEFT: Record<string, string> = {
  deregister: 'succeeded: free, told as left over, seat stranded, UNREGISTERED, RUNNING, none',
  'terminate, with labs': 'succeeded: free, told as left over, seat stranded, UNREGISTERED, TERMINATED, none',
};

describe.each(STORIES)('$name, by a process that is struck once', (story) => {
  let whole: Told;
  beforeAll(async () => {
    whole = await live(story, null);
  });

  it('ends as it is wanted without a blow', async () => {
    expect(await outcomeOf(whole)).toBe(WHOLE[story.name]);
    expect(whole.bench.cisco.registrations).toHaveLength(story.name === 'register anew' ? 2 : 1);
  });

  it.each(BLOWS)('%s, at each of its calls: the same, and no token is used twice', async (what) => {
    const others = new Map<string, string>();
    for (let call = 1; call <= whole.calls; call += 1) {
      const blow: Blow = { call, what };
      const told = await live(story, blow);
      const outcome = await outcomeOf(told);
      expect([blow, told.bench.cisco.registrations]).toEqual([blow, whole.bench.cisco.registrations]);
      if (outcome !== WHOLE[story.name]) others.set(`${told.met}: ${what}`, outcome);
    }
    const left = LEFT[story.name];
    const expected = UNCLEAR.filter((blow) => left !== undefined && blow.endsWith(what));
    expect(Object.fromEntries(others)).toEqual(Object.fromEntries(expected.map((blow) => [blow, left])));
  });

  it('has calls enough to be worth it', () => {
    expect(whole.calls).toBeGreaterThan(10);
  });
});
