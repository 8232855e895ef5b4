import { anIdleInput, aSignal, delivered, minutesAgo, NOW, WARNED } from '../../testing/idle-input.builder';
import { decide } from './idle-decision';
import { idlePolicy } from '../policy/idle-policy';

const inMinutes = (minutes: number) => minutesAgo(-minutes);

describe('the verdict', () => {
  const verdict = (stated: Parameters<typeof anIdleInput>[0]) => decide(anIdleInput(stated)).verdict;
  const idleFor = (minutes: number) => ({
    ec2: aSignal('ec2'),
    labs: aSignal('labs', { from: minutesAgo(minutes) }),
    cpu: aSignal('cpu'),
  });
  const plannedFor = (at: Date) => ({ plannedStop: { at, reason: 'idle', cause: 'idle' as const } });

  it('is idle-waiting until the first warning is due', () => {
    expect(decide(anIdleInput({ signals: idleFor(44) }))).toMatchObject({
      verdict: 'idle-waiting',
      idleSince: minutesAgo(44),
      deadline: inMinutes(16),
      nextDecisionAt: inMinutes(1),
      plan: null,
    });
  });

  it('is warn from then on, until the deadline', () => {
    expect(decide(anIdleInput({ signals: idleFor(45) }))).toMatchObject({
      verdict: 'warn',
      plan: { at: inMinutes(15), cause: 'idle' },
      noticeDue: { stageMinutes: 15, deadline: inMinutes(15) },
    });
    const worker = plannedFor(inMinutes(1));
    expect(decide(anIdleInput({ signals: idleFor(60), worker }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(1),
      nextDecisionAt: inMinutes(1),
      plan: { at: inMinutes(1) },
    });
  });

  it('leaves a worker in peace for a quarter of its window before anything is announced', () => {
    const policy = idlePolicy({ idleThresholdMinutes: 60, warningStagesMinutes: [60, 15] }, 60);
    const at = (minutes: number) => verdict({ signals: idleFor(minutes), policy });
    expect([at(14.9), at(15)]).toEqual(['idle-waiting', 'warn']);
  });

  it('gives the shortest warning to a worker whose idle time was over before anybody announced it', () => {
    expect(decide(anIdleInput({ signals: idleFor(75) }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(5),
      noticeDue: { stageMinutes: 5 },
    });
  });

  it('tells of the latest stage that has come, once, and of none that was missed', () => {
    const told = (left: number, ...stages: number[]) => {
      const at = inMinutes(left);
      const notices = stages.map((stage) => delivered(at, stage));
      return decide(anIdleInput({ worker: { ...plannedFor(at), notices } })).noticeDue?.stageMinutes ?? null;
    };
    expect([told(20), told(15), told(14, 15), told(5, 15), told(1, 5), told(1, 15)]).toEqual([
      ...[null, 15, null, 5, null, 5],
    ]);
  });

  it('does not hold on to a stop that was announced for an idle time before the last use', () => {
    const worker = plannedFor(minutesAgo(1));
    expect(verdict({ signals: idleFor(30), worker })).toBe('idle-waiting');
    expect(decide(anIdleInput({ signals: idleFor(50), worker }))).toMatchObject({
      verdict: 'warn',
      deadline: inMinutes(10),
    });
  });

  it('does not stop by an announcement of hours ago, but makes another', () => {
    const of = (minutes: number) => {
      const at = minutesAgo(minutes);
      const worker = { ...plannedFor(at), notices: [delivered(at)], lastActivityAt: minutesAgo(500) };
      return verdict({ worker, signals: { ...idleFor(400), ec2: undefined }, policy: labsOnly });
    };
    const labsOnly = idlePolicy({ requiredSignals: ['labs'], warningStagesMinutes: [15] }, 60);
    expect([of(60), of(61)]).toEqual(['stop', 'warn']);
  });

  it('counts the window from the last activity, and from the start, too', () => {
    const worker = WARNED;
    expect(verdict({ worker: { ...worker, lastActivityAt: minutesAgo(59) } })).toBe('warn');
    expect(verdict({ worker: { ...worker, runningSince: minutesAgo(20) } })).toBe('idle-waiting');
    expect(verdict({ worker: { ...worker, runningSince: null } })).toBe('stop');
  });

  it('wants two readings of each required signal', () => {
    const signals = { labs: aSignal('labs', { readings: 1 }) };
    const decision = decide(anIdleInput({ signals, worker: WARNED }));
    expect(decision.verdict).toBe('idle-waiting');
    expect(decision.wouldHaveToChange).toEqual(['Another reading would have to find it idle.']);
    const policy = idlePolicy({ confirmed: false, warningStagesMinutes: [15, 5] }, 60);
    expect(verdict({ signals, worker: WARNED, policy })).toBe('stop');
  });

  describe.each(['activity', 'sessions'] as const)('by the %s of people', (name) => {
    const worker = WARNED;
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
    const policy = idlePolicy({ warningStagesMinutes: [15, 5] }, 60, 120);
    const worker = WARNED;
    const read = (signal: 'labs' | 'activity', minutes: number) => {
      const at = minutesAgo(minutes);
      return verdict({ policy, worker, signals: { [signal]: aSignal(signal, { observedAt: at, to: at }) } });
    };
    expect([read('activity', 6), read('labs', 3)]).toEqual(['stop', 'stop']);
    expect([read('activity', 6.1), read('labs', 3.1)]).toEqual(['unknown', 'unknown']);
    const at = minutesAgo(6.1);
    const old = { activity: aSignal('activity', { observedAt: at, to: at }) };
    expect(decide(anIdleInput({ policy, worker, signals: old })).reason).toBe(
      'Activity: last read 6 min ago, the limit is 6 min.',
    );
  });

  it('is unknown when a source answers while its signal stands still, and for readings from the future', () => {
    const worker = WARNED;
    expect(verdict({ signals: { labs: aSignal('labs', { to: minutesAgo(4) }) }, worker })).toBe('unknown');
    const ahead = { to: inMinutes(10), observedAt: inMinutes(10) };
    expect(verdict({ signals: { labs: aSignal('labs', ahead) }, worker })).toBe('unknown');
  });

  it('ends snooze and protection at their time', () => {
    const worker = WARNED;
    const snooze = { by: 'user:bob', until: NOW };
    const protection = { by: 'user:ann', reason: 'exam', expiresAt: NOW };
    expect(verdict({ worker: { ...worker, snooze, protection } })).toBe('stop');
    const lasting = { ...protection, expiresAt: null };
    expect(verdict({ worker: { ...worker, protection: lasting } })).toBe('protected');
    expect(verdict({ worker: { ...worker, snooze: { ...snooze, until: inMinutes(1) } } })).toBe('snoozed');
  });

  it('is put into words when somebody asks for them, a copy and JSON among them', () => {
    const input = anIdleInput({ signals: idleFor(44) });
    const asked: string[] = [];
    const worker = new Proxy(input.worker, {
      get: (target, member, receiver) => {
        if (member === 'protection') asked.push(member);
        return Reflect.get(target, member, receiver) as unknown;
      },
    });
    const decision = decide({ ...input, worker });
    const judged = asked.length;
    const { reason, rules } = { ...decision };
    expect(asked.length).toBeGreaterThan(judged);
    const explained = asked.length;
    expect(JSON.parse(JSON.stringify(decision))).toMatchObject({ reason, rules });
    expect(asked).toHaveLength(explained);
  });
});
