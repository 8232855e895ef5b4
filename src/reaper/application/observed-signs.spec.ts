import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type GetObservations, ProbeWorker, type WorkerObservations } from '../../telemetry';
import { minutesAgo } from '../testing/idle-input.builder';
import { QUIET_PROBE } from '../testing/reaper-bench';
import { ObservedSigns } from './observed-signs';

const interval = (signal: 'labs' | 'activity' | 'sessions', value: 'idle' | 'active') => ({
  ...{ workerId: 'w-1', signal, value, from: minutesAgo(30), to: minutesAgo(1) },
  ...{ readings: 30, longestGapMs: 60_000 },
});
const observation = <S extends 'cml-labs' | 'cml-activity', V>(source: S, values: V, observedAt: Date) => ({
  ...{ workerId: 'w-1', source, values, observedAt, sweepId: null },
  ...{ lastError: null, goodReads: 3, failedReads: 0 },
});

const OBSERVED: WorkerObservations = {
  observations: {
    'cml-labs': observation('cml-labs', { total: 4, running: 0, labs: [] }, minutesAgo(1)),
    'cml-activity': observation(
      'cml-activity',
      { newestActivityAt: minutesAgo(40), newestCategory: 'start_lab', watermark: null, everSeen: true },
      minutesAgo(2),
    ),
  },
  signals: new Map([
    ['labs', interval('labs', 'idle')],
    ['activity', interval('activity', 'idle')],
    ['sessions', interval('sessions', 'active')],
  ]),
};

const asked: unknown[] = [];
const answering = (answer: unknown) => ({
  execute: (message: unknown) => {
    asked.push(message);
    return Promise.resolve(answer);
  },
});
const signsOf = (observed: WorkerObservations) =>
  new ObservedSigns(
    answering(new Map([['w-1', observed]])) as unknown as QueryBus,
    answering(QUIET_PROBE) as unknown as CommandBus,
  );

beforeEach(() => asked.splice(0));

describe('the signs of use', () => {
  it('join each signal with the time at which its source was last read', async () => {
    const use = await signsOf(OBSERVED).of(['w-1']);
    expect((asked[0] as GetObservations).workerIds).toEqual(['w-1']);
    const state = { value: 'idle', from: minutesAgo(30), to: minutesAgo(1), readings: 30 };
    expect(use.get('w-1')).toEqual({
      signals: {
        labs: { ...state, source: 'cml-labs', observedAt: minutesAgo(1) },
        activity: { ...state, source: 'cml-activity', observedAt: minutesAgo(2) },
        sessions: { ...state, value: 'active', source: 'cml-activity', observedAt: minutesAgo(2) },
      },
      everSeenActivity: true,
      newestActivityAt: minutesAgo(40),
      lastLabs: { running: 0, at: minutesAgo(1) },
    });
  });

  it('are as late as the reading that found them, where the clock of the server is behind', async () => {
    const activity = OBSERVED.observations['cml-activity'];
    if (!activity?.values) throw new Error('it was read');
    const found = { ...activity, values: { ...activity.values, newestFoundAt: minutesAgo(12) } };
    const observations = { ...OBSERVED.observations, 'cml-activity': found };
    const use = await signsOf({ ...OBSERVED, observations }).of(['w-1']);
    expect(use.get('w-1')?.newestActivityAt).toEqual(minutesAgo(12));
  });

  it.each([
    ['the first reading at the earliest', null, minutesAgo(20), minutesAgo(20)],
    ['the reading that found them, if a later one did', minutesAgo(12), minutesAgo(20), minutesAgo(12)],
    ['the server says, where an earlier version read it first', null, null, minutesAgo(40)],
  ])('are of %s', async (_name, newestFoundAt, firstReadAt, expected) => {
    const activity = OBSERVED.observations['cml-activity'];
    if (!activity?.values) throw new Error('it was read');
    const read = { ...activity, values: { ...activity.values, newestFoundAt, firstReadAt } };
    const observations = { ...OBSERVED.observations, 'cml-activity': read };
    const use = await signsOf({ ...OBSERVED, observations }).of(['w-1']);
    expect(use.get('w-1')?.newestActivityAt).toEqual(expected);
  });

  it('are none of a person where the first reading found none', async () => {
    const activity = OBSERVED.observations['cml-activity'];
    if (!activity?.values) throw new Error('it was read');
    const values = { ...activity.values, newestActivityAt: null, firstReadAt: minutesAgo(20) };
    const observations = { ...OBSERVED.observations, 'cml-activity': { ...activity, values } };
    const use = await signsOf({ ...OBSERVED, observations }).of(['w-1']);
    expect(use.get('w-1')?.newestActivityAt).toBeNull();
  });

  it('are none of a worker that was never read', async () => {
    const use = await signsOf({ observations: {}, signals: new Map() }).of(['w-1']);
    expect(use.get('w-1')).toEqual({
      signals: {},
      everSeenActivity: false,
      newestActivityAt: null,
      lastLabs: null,
    });
  });

  it('never take a reading for granted that failed', async () => {
    const use = await signsOf({ ...OBSERVED, observations: {} }).of(['w-1']);
    expect(use.get('w-1')?.signals.labs?.observedAt).toBeNull();
  });

  it('are probed by the telemetry module', async () => {
    expect(await signsOf(OBSERVED).probe('w-1')).toEqual(QUIET_PROBE);
    expect(asked).toEqual([new ProbeWorker('w-1')]);
  });
});
