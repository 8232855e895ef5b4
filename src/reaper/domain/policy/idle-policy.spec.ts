import { InvalidInput } from '../../../kernel/domain-error';
import { NO_CALENDAR_RULES } from './calendar-rules';
import { type IdlePolicy, idlePolicy } from './idle-policy';

const faultsOf = (given: Partial<IdlePolicy>, observeSeconds = 60) => {
  try {
    idlePolicy(given, observeSeconds);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.faults.map(({ pointer }) => pointer);
    throw error;
  }
};

describe('an idle policy', () => {
  it('has a default for every value', () => {
    expect(idlePolicy({}, 60)).toEqual({
      idleThresholdMinutes: 60,
      cpuIdleBelowPercent: 10,
      warningStagesMinutes: [60, 15, 5],
      noticeRequired: true,
      notifyEmails: [],
      confirmed: true,
      maxUptimeMinutes: null,
      activityBumpMinutes: 60,
      budget: null,
      calendar: NO_CALENDAR_RULES,
      dryRun: false,
      maxReadingAgeSeconds: 180,
      maxActivityAgeSeconds: 180,
      snoozeCapMinutes: 10_080,
      requiredSignals: ['ec2', 'labs', 'cpu'],
    });
  });

  it('takes three missed readings for old where readings are rare', () => {
    expect(idlePolicy({}, 10).maxReadingAgeSeconds).toBe(180);
    expect(idlePolicy({}, 300).maxReadingAgeSeconds).toBe(900);
  });

  it('gives activity three readings of its own where it is read less often, and never less than the others', () => {
    expect(idlePolicy({}, 60, 120).maxActivityAgeSeconds).toBe(360);
    expect(idlePolicy({ maxReadingAgeSeconds: 90 }, 60, 120)).toMatchObject({
      maxReadingAgeSeconds: 90,
      maxActivityAgeSeconds: 360,
    });
    expect(idlePolicy({ maxReadingAgeSeconds: 90 }, 60, 60).maxActivityAgeSeconds).toBe(90);
    expect(idlePolicy({ maxReadingAgeSeconds: 600 }, 60, 120).maxActivityAgeSeconds).toBe(600);
  });

  it.each<[string, Partial<IdlePolicy>]>([
    ['/idleThresholdMinutes', { idleThresholdMinutes: 0, warningStagesMinutes: [], noticeRequired: false }],
    ['/idleThresholdMinutes', { idleThresholdMinutes: 3 }],
    ['/warningStagesMinutes', { warningStagesMinutes: [] }],
    ['/warningStagesMinutes', { warningStagesMinutes: [15, 0] }],
    ['/maxUptimeMinutes', { maxUptimeMinutes: 60, warningStagesMinutes: [60] }],
    ['/maxUptimeMinutes', { maxUptimeMinutes: 100.5 }],
    ['/activityBumpMinutes', { activityBumpMinutes: -1 }],
    ['/maxActivityAgeSeconds', { maxActivityAgeSeconds: 60 }],
    ['/maxActivityAgeSeconds', { maxActivityAgeSeconds: 1801 }],
    ['/maxReadingAgeSeconds', { maxReadingAgeSeconds: 1801 }],
    ['/maxReadingAgeSeconds', { idleThresholdMinutes: 10, maxReadingAgeSeconds: 86_400 }],
    ['/requiredSignals', { requiredSignals: ['labs', 'mood' as 'cpu'] }],
    ['/notifyEmails/1', { notifyEmails: ['ann@lab.example', 'bob@'] }],
    ['/budget', { budget: { stops: null, sharePercent: null, windowMinutes: 60 } }],
    ['/budget/stops', { budget: { stops: 0, sharePercent: null, windowMinutes: 60 } }],
    ['/budget/sharePercent', { budget: { stops: 1, sharePercent: 101, windowMinutes: 60 } }],
    ['/budget/windowMinutes', { budget: { stops: 1, sharePercent: 10, windowMinutes: 0 } }],
    ['/cpuIdleBelowPercent', { cpuIdleBelowPercent: 101 }],
    ['/cpuIdleBelowPercent', { cpuIdleBelowPercent: Number.NaN }],
    ['/warningStagesMinutes', { warningStagesMinutes: [61, 5] }],
    ['/warningStagesMinutes', { warningStagesMinutes: [-1] }],
    ['/maxReadingAgeSeconds', { maxReadingAgeSeconds: 60, maxActivityAgeSeconds: 180 }],
    ['/snoozeCapMinutes', { snoozeCapMinutes: 1.5 }],
    ['/requiredSignals', { requiredSignals: ['ec2', 'cpu'] }],
  ])('refuses %s of %j', (pointer, given) => {
    expect(faultsOf(given)).toEqual([pointer]);
  });

  it('allows a warning as long as the threshold', () => {
    expect(faultsOf({ idleThresholdMinutes: 30, warningStagesMinutes: [30] })).toEqual([]);
  });

  it('has a window twice as long as readings lag behind, their confirmation included', () => {
    const least = (confirmed: boolean, minutes: number) => {
      const given = { confirmed, idleThresholdMinutes: minutes, warningStagesMinutes: [1] };
      try {
        return idlePolicy(given, 60, 120).idleThresholdMinutes;
      } catch (error) {
        return (error as InvalidInput).message;
      }
    };
    expect([least(true, 6), least(false, 4)]).toEqual([6, 4]);
    expect(least(true, 5)).toBe(
      '/idleThresholdMinutes: must be 6 or more, twice the 180 s that readings may lag behind',
    );
    expect(least(false, 3)).toContain('must be 4 or more');
  });

  it('is sure that half of its window at least was looked at, however old a reading may be', () => {
    expect(faultsOf({ maxReadingAgeSeconds: 1800, maxActivityAgeSeconds: 1800 })).toEqual([]);
    expect(faultsOf({ idleThresholdMinutes: 20, maxReadingAgeSeconds: 600 })).toEqual([]);
    const agesOf = (minutes: number, observeSeconds: number, activitySeconds: number) => {
      const given = { idleThresholdMinutes: minutes, confirmed: false };
      const policy = idlePolicy(given, observeSeconds, activitySeconds);
      return [policy.maxReadingAgeSeconds, policy.maxActivityAgeSeconds];
    };
    expect(agesOf(4, 60, 60)).toEqual([120, 120]);
    expect(agesOf(6, 60, 120)).toEqual([180, 180]);
    expect(agesOf(20, 60, 600)).toEqual([180, 601]);
    expect(agesOf(11, 300, 300)).toEqual([330, 330]);
  });

  it('keeps its stages longest first, each once, and has one even in a short window', () => {
    expect(idlePolicy({ warningStagesMinutes: [5, 60, 15, 5] }, 60).warningStagesMinutes).toEqual([
      60, 15, 5,
    ]);
    expect(idlePolicy({ idleThresholdMinutes: 20 }, 60).warningStagesMinutes).toEqual([15, 5]);
    expect(idlePolicy({ idleThresholdMinutes: 4 }, 60).warningStagesMinutes).toEqual([2]);
  });

  it('names all faults at once', () => {
    expect(faultsOf({ cpuIdleBelowPercent: 0, snoozeCapMinutes: 0 })).toEqual([
      '/cpuIdleBelowPercent',
      '/snoozeCapMinutes',
    ]);
  });
});
