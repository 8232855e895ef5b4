import { Logger } from '@nestjs/common';
import { type Blow } from '../../src/licensing/testing/mortal-process';
import { live, STORIES, type Story, type Told, WORKER } from './turn-stories';

const BLOWS = ['killed before', 'killed after', 'answer lost'] as const;

/** How a story ends, by what is stored and by EC2's own books. */
async function outcomeOf({ fleet }: Told): Promise<object> {
  const { status, desired, fence, plannedStop } = await fleet.worker(WORKER);
  const { takes } = await fleet.control.open().state();
  return {
    status,
    wanted: desired.state,
    fence,
    planned: plannedStop !== null,
    stops: fleet.ec2.stops.length,
    // a stop that EC2 got counts once, one that it did not counts no more
    counted: takes.length,
    settled: takes.every(({ sentAt }) => sentAt !== null),
    alarms: fleet.notices.alarms.map(({ kind }) => kind),
  };
}

const WHOLE: Record<string, object> = {
  'an announcement': {
    status: 'STOPPED',
    stops: 1,
    counted: 1,
    settled: true,
    fence: null,
    alarms: ['stopped'],
  },
  'a stop': { status: 'STOPPED', stops: 1, counted: 1, settled: true, fence: null, alarms: ['stopped'] },
  'a call-off': { status: 'RUNNING', stops: 0, counted: 0, fence: null, planned: false, alarms: [] },
  'a stop that the probe refuses': { status: 'RUNNING', stops: 0, counted: 0, fence: null, alarms: [] },
  'a stop that is paused': { status: 'RUNNING', stops: 0, counted: 0, fence: null, alarms: [] },
  'an alarm': { status: 'RUNNING', stops: 0, counted: 0, fence: null, alarms: ['unreadable'] },
};

/** Ids of notices are made of these. */
const toldIn = ({ fleet }: Told) =>
  fleet.notices.told.map(({ deadline, stageMinutes }) => `${deadline.toISOString()} ${stageMinutes}`);

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe.each(STORIES)('$name, in a turn that is struck once', (story: Story) => {
  let whole: Told;
  beforeAll(async () => {
    whole = await live(story, null);
  });

  it('ends as it should without a blow, and has calls enough to be worth it', async () => {
    expect(await outcomeOf(whole)).toMatchObject(WHOLE[story.name] ?? {});
    expect(whole.calls).toBeGreaterThan(8);
  });

  it.each(BLOWS)('%s, at each of its calls: other processes bring it to the same end', async (what) => {
    for (let call = 1; call <= whole.calls; call += 1) {
      const blow: Blow = { call, what };
      const told = await live(story, blow);
      const about = [blow, told.met];
      expect([...about, told.faults]).toEqual([...about, []]);
      expect([...about, await outcomeOf(told)]).toMatchObject([...about, WHOLE[story.name] ?? {}]);
      // each announcement is one notice for each of its stages, whoever told it
      const notices = toldIn(told);
      expect([...about, notices]).toEqual([...about, [...new Set(notices)]]);
    }
  });
});
