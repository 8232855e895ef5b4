import { HOUR, plus } from '../../../kernel/clocks';
import { aCalendar } from '../../testing/given-calendar';
import {
  ANNOUNCED,
  anIdleInput,
  aSignal,
  delivered,
  minutesAgo,
  NOW,
  WARNED,
} from '../../testing/idle-input.builder';
import { decide } from '../decision/idle-decision';
import { idlePolicy } from '../policy/idle-policy';
import { actionFor } from '../reaper-run';

const inMinutes = (minutes: number) => minutesAgo(-minutes);
const planOf = (at: Date, cause: 'idle' | 'schedule' | 'max-uptime') => ({
  plannedStop: { at, reason: 'announced', cause },
  notices: [delivered(at)],
});
const policy = idlePolicy({ maxUptimeMinutes: 600, warningStagesMinutes: [15, 5] }, 60);
const UNREAD = { labs: undefined };

describe('the maximum uptime', () => {
  const worker = planOf(NOW, 'max-uptime');
  const causeOf = (stated: Parameters<typeof anIdleInput>[0]) => {
    const { verdict, cause } = decide(anIdleInput({ policy, worker, signals: UNREAD, ...stated }));
    return `${verdict} ${cause ?? '-'}`;
  };

  it('looks at the labs of the present run only', () => {
    const ran = (minutes: number) => ({ lastLabs: { running: 1, at: minutesAgo(minutes) } });
    expect(causeOf({ observations: ran(601) })).toBe('stop max-uptime');
    expect(causeOf({ observations: ran(599) })).toBe('unknown -');
  });

  it('takes the latest value of the signal for a reading, where none is kept', () => {
    const old = { to: minutesAgo(60), observedAt: minutesAgo(60) };
    const signals = { labs: aSignal('labs', { value: 'active', ...old }) };
    expect(causeOf({ signals, observations: { lastLabs: null } })).toBe('unknown -');
    expect(causeOf({ observations: { lastLabs: null } })).toBe('stop max-uptime');
  });

  it('waits for as long as the last use of the API keeps it', () => {
    const lastUse = { kind: 'keep-alive', by: 'user:bob', at: minutesAgo(30) };
    expect(causeOf({ worker: { ...worker, lastUse } })).toBe('unknown max-uptime');
    expect(causeOf({ worker: { ...worker, lastUse: { ...lastUse, at: minutesAgo(60) } } })).toBe(
      'stop max-uptime',
    );
  });
});

describe('an announced end of the maximum uptime', () => {
  it('is called off by any use since its announcement, however short the policy says that a use keeps it', () => {
    const given = { maxUptimeMinutes: 600, activityBumpMinutes: 0, warningStagesMinutes: [15, 5] };
    const lastUse = (minutes: number) => ({ kind: 'keep-alive', by: 'user:bob', at: minutesAgo(minutes) });
    const of = (minutes: number) =>
      decide(
        anIdleInput({
          policy: idlePolicy(given, 60),
          worker: { ...planOf(NOW, 'max-uptime'), lastUse: lastUse(minutes) },
          signals: UNREAD,
        }),
      );
    expect(of(16)).toMatchObject({ verdict: 'stop', cause: 'max-uptime' });
    for (const minutes of [14, 10, 6]) {
      const anew = { verdict: 'warn', plan: { at: inMinutes(Math.max(5, 15 - minutes)) } };
      expect(of(minutes)).toMatchObject(anew);
    }
  });
});

describe('a schedule', () => {
  it('asks for nothing any more once its time is over when the window is full', () => {
    const stop = (until: number) =>
      aCalendar({ stops: [{ name: 's', at: minutesAgo(60), until: inMinutes(until) }] });
    const of = (until: number) =>
      decide(
        anIdleInput({ signals: { labs: aSignal('labs', { from: minutesAgo(1) }) }, calendar: stop(until) }),
      );
    expect([of(5).cause, of(4).cause]).toEqual(['schedule', 'idle']);
  });

  it('waits for five minutes after an act, though each reading after the first one says idle at once', () => {
    const schedule = aCalendar({ stops: [{ name: 's', at: minutesAgo(60), until: inMinutes(60) }] });
    const of = (minutes: number) =>
      decide(
        anIdleInput({
          policy: idlePolicy({ warningStagesMinutes: [15, 2], maxReadingAgeSeconds: 180 }, 30),
          calendar: schedule,
          signals: { labs: aSignal('labs', { from: minutesAgo(minutes) }) },
          worker: planOf(NOW, 'schedule'),
        }),
      );
    expect(of(5)).toMatchObject({ verdict: 'stop', cause: 'schedule' });
    expect(of(4)).toMatchObject({ verdict: 'warn', plan: { at: inMinutes(2), cause: 'schedule' } });
  });

  it('of the evening before stops nothing that was started since', () => {
    const evening = { name: 'evening', at: minutesAgo(955), until: plus(NOW, 8 * HOUR) };
    const calendar = aCalendar({ stops: [evening] });
    const causeOf = (worker: NonNullable<Parameters<typeof anIdleInput>[0]>['worker']) =>
      decide(anIdleInput({ calendar, signals, worker: worker ?? {} })).cause;
    const signals = Object.fromEntries(
      (['ec2', 'labs', 'cpu'] as const).map((name) => [name, aSignal(name, { from: minutesAgo(10) })]),
    );
    const use = (kind: string) => ({ kind, by: 'user:ann', at: minutesAgo(190) });
    const since = (minutes: number) => ({ runningSince: minutesAgo(minutes) });
    expect(causeOf(since(1_000))).toBe('schedule');
    expect(causeOf({ ...since(1_000), lastUse: use('keep-alive') })).toBe('schedule');
    expect(causeOf({ ...since(1_000), lastUse: use('start') })).toBe('idle');
    expect(causeOf(since(185))).toBe('idle');
  });
});

describe('an announced stop', () => {
  it('is another one where it is for another cause, or at a time that the calendar forbids', () => {
    expect(decide(anIdleInput({ worker: planOf(NOW, 'schedule') }))).toMatchObject({
      verdict: 'warn',
      plan: { at: inMinutes(5), cause: 'idle' },
    });
    const holds = [{ kind: 'never', name: 'n', from: minutesAgo(1), until: inMinutes(30) } as const];
    const later = planOf(inMinutes(10), 'idle');
    expect(decide(anIdleInput({ worker: later, calendar: aCalendar({ holds }) }))).toMatchObject({
      verdict: 'held',
      deadline: inMinutes(30),
      plan: null,
    });
  });

  it('does not grow old while something holds it off', () => {
    const at = minutesAgo(120);
    const signals = Object.fromEntries(
      (['ec2', 'labs', 'cpu'] as const).map((name) => [name, aSignal(name, { from: minutesAgo(300) })]),
    );
    const worker = { ...planOf(at, 'idle'), lastActivityAt: minutesAgo(300) };
    const paused = (until: Date) => ({
      limits: [],
      breaker: null,
      paused: { by: 'user:ann', reason: 'move', at, until },
    });
    const of = (until: Date) => decide(anIdleInput({ worker, signals, budget: paused(until) }));
    expect(of(inMinutes(1))).toMatchObject({ verdict: 'held', restraints: ['not-paused'], plan: { at } });
    expect(of(NOW)).toMatchObject({ verdict: 'warn', plan: { at: inMinutes(5) } });
  });

  it('is told of to nobody in a quiet time', () => {
    const quiet = [{ name: 'night', from: minutesAgo(1), until: plus(NOW, HOUR) }];
    const worker = planOf(inMinutes(4), 'idle');
    expect(decide(anIdleInput({ worker })).noticeDue).toMatchObject({ stageMinutes: 5 });
    expect(decide(anIdleInput({ worker, calendar: aCalendar({ quiet }) }))).toMatchObject({
      verdict: 'warn',
      noticeDue: null,
    });
  });
});

it('asks by a policy on trial for nothing but that an earlier announcement is called off', () => {
  const trial = idlePolicy({ dryRun: true, warningStagesMinutes: [15, 5] }, 60);
  const acts = [WARNED, { plannedStop: null }].map((worker) =>
    actionFor(decide(anIdleInput({ policy: trial, worker }))),
  );
  expect(acts).toEqual(['call-off', 'none']);
  expect(actionFor(decide(anIdleInput({ worker: WARNED })))).toBe('stop');
  expect(actionFor(decide(anIdleInput({ worker: { plannedStop: ANNOUNCED } })))).toBe('announce');
});
