import { ANNOUNCED, anIdleInput, aSignal, minutesAgo, NOW } from '../testing/idle-input.builder';
import { decide } from './idle-decision';
import { type IdleDecisionInput } from './idle-input';
import { idlePolicy } from './idle-policy';

const traceOf = (input: IdleDecisionInput) =>
  decide(input).rules.map(({ rule, outcome, detail }) => `${outcome} ${rule}: ${detail}`);
const inMinutes = (minutes: number) => minutesAgo(-minutes);

describe('the trace of an idle decision', () => {
  it('explains a stop that is due', () => {
    const input = anIdleInput({ worker: { plannedStop: ANNOUNCED } });
    expect(traceOf(input)).toEqual([
      'pass wanted-running: It is RUNNING and wanted RUNNING.',
      'pass not-protected: It is not protected.',
      'pass not-snoozed: It is not snoozed.',
      'pass ec2-idle: EC2: idle since 2027-01-15T10:45:00Z (75 min), 75 readings, read 30 s ago.',
      'pass labs-idle: Labs: idle since 2027-01-15T10:45:00Z (75 min), 75 readings, read 30 s ago.',
      'pass cpu-idle: CPU: idle since 2027-01-15T10:45:00Z (75 min), 75 readings, read 30 s ago.',
      'pass activity-idle: Activity: idle since 2027-01-15T10:45:00Z (75 min), 75 readings, read 30 s ago.',
      'pass sessions-idle: Sessions: idle since 2027-01-15T10:45:00Z (75 min), 75 readings, read 30 s ago.',
      'pass last-activity: Last activity: 2027-01-15T10:40:00Z (80 min ago).',
      'pass idle-window: Idle window: since 2027-01-15T10:45:00Z (75 min), the threshold of 60 min is over.',
      'pass announced: Stop: announced for 2027-01-15T12:00:00Z, which has come.',
    ]);
    expect(decide(input)).toMatchObject({
      verdict: 'stop',
      reason:
        'Idle window: since 2027-01-15T10:45:00Z (75 min), the threshold of 60 min is over. ' +
        'Stop: announced for 2027-01-15T12:00:00Z, which has come.',
      wouldHaveToChange: [],
      idleSince: minutesAgo(75),
      deadline: NOW,
      nextDecisionAt: NOW,
      plannedStop: ANNOUNCED,
    });
  });

  it('explains what is active, old, missing, unknown and held off', () => {
    const input = anIdleInput({
      worker: {
        protection: { by: 'user:ann', reason: 'exam', expiresAt: inMinutes(180) },
        snooze: { by: 'user:bob', until: inMinutes(30) },
        lastActivityAt: null,
      },
      signals: {
        ec2: undefined,
        labs: aSignal('labs', { value: 'active', from: minutesAgo(5) }),
        cpu: aSignal('cpu', { observedAt: minutesAgo(10), to: minutesAgo(10) }),
        activity: aSignal('activity', { value: 'unknown', from: minutesAgo(20) }),
        sessions: undefined,
      },
    });
    expect(traceOf(input)).toEqual([
      'pass wanted-running: It is RUNNING and wanted RUNNING.',
      'fail not-protected: Protected by user:ann until 2027-01-15T15:00:00Z: exam.',
      'fail not-snoozed: Snoozed by user:bob until 2027-01-15T12:30:00Z.',
      'unknown ec2-idle: EC2: never read.',
      'fail labs-idle: Labs: active since 2027-01-15T11:55:00Z, read 30 s ago.',
      'unknown cpu-idle: CPU: last read 10 min ago, the limit is 3 min.',
      'unknown activity-idle: Activity: unknown since 2027-01-15T11:40:00Z, read 30 s ago.',
      'unknown sessions-idle: Sessions: never read.',
      'unknown last-activity: Last activity: not known.',
      'unknown idle-window: Idle window: none, while a sign of use is active or unknown.',
      'fail announced: Stop: not announced.',
    ]);
    expect(decide(input)).toMatchObject({
      verdict: 'protected',
      reason: 'Protected by user:ann until 2027-01-15T15:00:00Z: exam.',
      wouldHaveToChange: [
        'Its protection would have to end or be lifted.',
        'Its snooze would have to end or be lifted.',
        'EC2: would have to be read, with a clear answer.',
        'Labs: would have to turn idle.',
        'CPU: would have to be read, with a clear answer.',
        'Activity: would have to be read, with a clear answer.',
        'Sessions: would have to be read, with a clear answer.',
        'Its last activity would have to become known.',
        'The stop would have to be announced 15 min ahead.',
      ],
      deadline: null,
      nextDecisionAt: inMinutes(180),
    });
  });

  it('says no more than that of a worker which is not meant to run', () => {
    const decision = decide(anIdleInput({ worker: { desiredState: 'STOPPED', plannedStop: ANNOUNCED } }));
    expect(decision).toMatchObject({
      verdict: 'not-applicable',
      rules: [{ rule: 'wanted-running', outcome: 'fail', detail: 'It is RUNNING and wanted STOPPED.' }],
      wouldHaveToChange: ['It would have to be RUNNING, and wanted RUNNING.'],
      deadline: null,
      nextDecisionAt: null,
    });
  });

  it('shows its inputs with their ages', () => {
    const { inputs } = decide(
      anIdleInput({
        signals: { ec2: undefined, cpu: undefined, activity: undefined, sessions: undefined },
      }),
    );
    expect(inputs).toEqual({
      signals: [
        {
          signal: 'labs',
          value: 'idle',
          from: minutesAgo(75),
          readings: 75,
          source: 'cml-labs',
          observedAt: minutesAgo(0.5),
          ageSeconds: 30,
        },
      ],
      lastActivityAt: minutesAgo(80),
      lastActivityAgeSeconds: 4_800,
      runningSince: minutesAgo(600),
      everSeenActivity: true,
    });
  });
});

describe('the verdict', () => {
  const verdict = (stated: Parameters<typeof anIdleInput>[0]) => decide(anIdleInput(stated)).verdict;
  const idleFor = (minutes: number) => ({
    ec2: aSignal('ec2'),
    labs: aSignal('labs', { from: minutesAgo(minutes) }),
    cpu: aSignal('cpu'),
  });

  it('is idle-waiting until the warning is due', () => {
    expect(decide(anIdleInput({ signals: idleFor(44) }))).toMatchObject({
      verdict: 'idle-waiting',
      idleSince: minutesAgo(44),
      deadline: inMinutes(16),
      nextDecisionAt: inMinutes(1),
      wouldHaveToChange: [
        'It would have to stay idle until 2027-01-15T12:16:00Z.',
        'The stop would have to be announced 15 min ahead.',
      ],
    });
  });

  it('is warn from then on, until the deadline', () => {
    expect(decide(anIdleInput({ signals: idleFor(45) }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(15),
    });
    const announced = { plannedStop: { at: inMinutes(1), reason: 'idle', cause: 'idle' as const } };
    expect(decide(anIdleInput({ signals: idleFor(60), worker: announced }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(1),
      nextDecisionAt: inMinutes(1),
      wouldHaveToChange: ['The announced time, 2027-01-15T12:01:00Z, would have to come.'],
    });
  });

  it('gives the whole warning to a worker whose idle time was over before anybody announced it', () => {
    expect(decide(anIdleInput({ signals: idleFor(75) }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(15),
    });
  });

  it('does not hold on to a stop that was announced for an idle time before the last use', () => {
    const worker = { plannedStop: { at: minutesAgo(1), reason: 'idle', cause: 'idle' as const } };
    expect(verdict({ signals: idleFor(30), worker })).toBe('idle-waiting');
    expect(decide(anIdleInput({ signals: idleFor(50), worker }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(15),
    });
  });

  it('counts the window from the last activity, and from the start, too', () => {
    const worker = { plannedStop: ANNOUNCED };
    expect(verdict({ worker: { ...worker, lastActivityAt: minutesAgo(59) } })).toBe('warn');
    expect(verdict({ worker: { ...worker, runningSince: minutesAgo(20) } })).toBe('idle-waiting');
    expect(verdict({ worker: { ...worker, runningSince: null } })).toBe('stop');
  });

  it('wants two readings of each required signal', () => {
    const signals = { labs: aSignal('labs', { readings: 1 }) };
    const decision = decide(anIdleInput({ signals, worker: { plannedStop: ANNOUNCED } }));
    expect(decision.verdict).toBe('idle-waiting');
    expect(decision.wouldHaveToChange).toEqual(['Another reading would have to find it idle.']);
  });

  describe.each(['activity', 'sessions'] as const)('by the %s of people', (name) => {
    const worker = { plannedStop: ANNOUNCED };
    const other = name === 'activity' ? 'sessions' : 'activity';
    const neverAny = { [other]: aSignal(other, { value: 'unknown' as const }) };

    it('is in-use by them alone', () => {
      const signals = { [name]: aSignal(name, { value: 'active' }) };
      expect(verdict({ signals, worker })).toBe('in-use');
      expect(verdict({ signals, observations: { everSeenActivity: false }, worker })).toBe('in-use');
    });

    it('asks for them only where the server ever reported an event', () => {
      const none = { ...neverAny, [name]: aSignal(name, { value: 'unknown' }) };
      expect(verdict({ signals: none, worker })).toBe('unknown');
      expect(verdict({ signals: none, worker, observations: { everSeenActivity: false } })).toBe('stop');
    });

    it('does not take what could not be read for none', () => {
      const old = { observedAt: minutesAgo(10), to: minutesAgo(10) };
      for (const state of [
        undefined,
        aSignal(name, { value: 'unknown', observedAt: null }),
        aSignal(name, { value: 'unknown', observedAt: minutesAgo(10) }),
        aSignal(name, { value: 'active', ...old }),
      ]) {
        const signals = { ...neverAny, [name]: state };
        expect(verdict({ signals, worker, observations: { everSeenActivity: false } })).toBe('unknown');
      }
    });
  });

  it('takes activity that is read less often for old later than the others, but for old all the same', () => {
    const policy = idlePolicy({}, 60, 120);
    const worker = { plannedStop: ANNOUNCED };
    const read = (signal: 'labs' | 'activity', minutes: number) => {
      const at = minutesAgo(minutes);
      return verdict({ policy, worker, signals: { [signal]: aSignal(signal, { observedAt: at, to: at }) } });
    };
    expect([read('activity', 6), read('labs', 3)]).toEqual(['stop', 'stop']);
    expect([read('activity', 6.1), read('labs', 3.1)]).toEqual(['unknown', 'unknown']);
    const at = minutesAgo(6.1);
    const old = { activity: aSignal('activity', { observedAt: at, to: at }) };
    expect(traceOf(anIdleInput({ policy, worker, signals: old }))).toContain(
      'unknown activity-idle: Activity: last read 6 min ago, the limit is 6 min.',
    );
  });

  it('is unknown when a source answers while its signal stands still, and for readings from the future', () => {
    const worker = { plannedStop: ANNOUNCED };
    expect(verdict({ signals: { labs: aSignal('labs', { to: minutesAgo(4) }) }, worker })).toBe('unknown');
    const ahead = { to: inMinutes(10), observedAt: inMinutes(10) };
    expect(verdict({ signals: { labs: aSignal('labs', ahead) }, worker })).toBe('unknown');
  });

  it('ends snooze and protection at their time', () => {
    const worker = { plannedStop: ANNOUNCED };
    const snooze = { by: 'user:bob', until: NOW };
    const protection = { by: 'user:ann', reason: 'exam', expiresAt: NOW };
    expect(verdict({ worker: { ...worker, snooze, protection } })).toBe('stop');
    const lasting = { ...protection, expiresAt: null };
    expect(verdict({ worker: { ...worker, protection: lasting } })).toBe('protected');
    expect(verdict({ worker: { ...worker, snooze: { ...snooze, until: inMinutes(1) } } })).toBe('snoozed');
  });
});
