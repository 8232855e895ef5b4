import { anIdleInput, aSignal, minutesAgo } from '../../testing/idle-input.builder';
import { judge } from './judgement';

const hoursAgo = (hours: number) => minutesAgo(hours * 60);
const running = aSignal('labs', { value: 'active', from: hoursAgo(30) });

/** Labs run for 30 hours, and people did something the given hours ago. */
const since = (
  acted: number | null,
  {
    signals = {},
    worker = {},
    everSeenActivity = true,
  }: { signals?: object; worker?: object; everSeenActivity?: boolean } = {},
) =>
  judge(
    anIdleInput({
      signals: { labs: running, ...signals },
      worker: { runningSince: hoursAgo(40), ...worker },
      observations: { everSeenActivity, newestActivityAt: acted === null ? null : hoursAgo(acted) },
    }),
  ).longRunning?.since ?? null;

describe('labs that run without anybody', () => {
  it('are told of from the twelfth hour on after the last thing that a person did', () => {
    expect([since(11.99), since(12)]).toEqual([null, hoursAgo(12)]);
    const lastUse = { kind: 'connection', by: 'user:bob', at: hoursAgo(3) };
    expect(since(20, { worker: { lastUse } })).toBeNull();
    expect(since(20, { worker: { runningSince: hoursAgo(11) } })).toBeNull();
  });

  it('count from when they were first seen running, where the server never told of anything', () => {
    const silent = aSignal('activity', { value: 'unknown' });
    const sessions = aSignal('sessions', { value: 'unknown' });
    const signals = { activity: silent, sessions };
    expect(since(null, { signals, everSeenActivity: false })).toEqual(hoursAgo(30));
    const young = { ...running, from: hoursAgo(5) };
    expect(since(null, { signals: { ...signals, labs: young }, everSeenActivity: false })).toBeNull();
  });

  it('are told of whether it is protected or not, and of none where nobody can tell', () => {
    const protection = { by: 'user:ann', reason: 'exam', expiresAt: null };
    expect(since(13, { worker: { protection } })).toEqual(hoursAgo(13));
    const old = { observedAt: hoursAgo(1), to: hoursAgo(1) };
    expect(since(13, { signals: { labs: { ...running, ...old } } })).toBeNull();
    expect(since(13, { signals: { activity: aSignal('activity', old) } })).toBeNull();
    expect(since(13, { signals: { sessions: undefined } })).toBeNull();
    expect(since(13, { signals: { sessions: aSignal('sessions', { value: 'active' }) } })).toBeNull();
    expect(since(13, { signals: { labs: aSignal('labs') } })).toBeNull();
  });
});
