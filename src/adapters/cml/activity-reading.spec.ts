import { plus, SECOND } from '../../kernel/clocks';
import { type ActivityValues } from '../../telemetry';
import { ActivityReading, type OwnAccount } from './activity-reading';

const NOW = new Date('2026-11-23T12:00:00Z');
const OWN: OwnAccount = { userId: 'u-own', builtInAdmin: false, logins: [], changes: [] };

function activityValues(
  events: readonly unknown[],
  before: ActivityValues | null,
  own: OwnAccount,
  now: Date,
): ActivityValues {
  const reading = new ActivityReading(before, own, now);
  for (const entry of events) reading.add(entry);
  return reading.values;
}

function event(category: string, timestamp: string, userId?: string) {
  return { category, timestamp, data: userId === undefined ? {} : { user_id: userId } };
}

function at(time: string): Date {
  return new Date(`2026-11-23T${time}Z`);
}

describe('activity', () => {
  it('is the newest act of a person, in whatever order the events are', () => {
    const events = [
      event('start_lab', '2026-11-23T10:00:00Z', 'u-ada'),
      event('stop_node', '2026-11-23T10:30:00.500Z', 'u-ada'),
      event('start_node', '2026-11-23T10:10:00', 'u-ada'),
      event('system_stats', '2026-11-23T11:00:00Z'),
    ];

    expect(activityValues(events, null, OWN, NOW)).toEqual({
      newestActivityAt: at('10:30:00.500'),
      newestCategory: 'stop_node',
      newestActAt: at('10:30:00.500'),
      newestSessionAt: null,
      watermark: at('11:00:00'),
      newestFutureAt: null,
      everSeen: true,
    });
  });

  it.each([
    ['queue_node', true],
    ['wipe_node', true],
    ['import_lab', true],
    ['export_lab', true],
    ['packet_capture', true],
    ['boot_node', true],
    ['user_group', false],
    ['running_nodes', false],
    ['license_info', false],
    ['something_new', false],
  ])('of category %s counts: %s', (category, counts) => {
    const values = activityValues([event(category, '2026-11-23T10:00:00Z')], null, OWN, NOW);

    expect(values.newestCategory).toBe(counts ? category : null);
    expect(values.watermark).toEqual(at('10:00:00'));
  });

  it('is not our own login, but anybody else’s, also where nobody is named', () => {
    const login = (userId?: string) =>
      activityValues([event('user_activity', '2026-11-23T10:00:00Z', userId)], null, OWN, NOW)
        .newestActivityAt;

    expect([login('u-own'), login('u-ada'), login()]).toEqual([null, at('10:00:00'), at('10:00:00')]);
  });

  it('is a login as built-in admin, but within 10 s of one of ours', () => {
    const own: OwnAccount = {
      userId: 'u-own',
      builtInAdmin: true,
      logins: [{ from: at('10:00:00'), to: at('10:00:01') }],
      changes: [],
    };
    const counts = (time: Date): boolean => {
      const events = [event('user_activity', time.toISOString(), 'u-own')];
      return activityValues(events, null, own, NOW).newestActivityAt !== null;
    };

    expect(counts(plus(at('10:00:00'), -10 * SECOND))).toBe(false);
    expect(counts(plus(at('10:00:01'), 10 * SECOND))).toBe(false);
    expect(counts(plus(at('10:00:00'), -10 * SECOND - 1))).toBe(true);
    expect(counts(plus(at('10:00:01'), 10 * SECOND + 1))).toBe(true);
  });

  it('is looked for from the watermark on, its own second included', () => {
    const before = {
      newestActivityAt: at('09:00:00'),
      newestCategory: 'stop_lab',
      newestActAt: at('09:00:00'),
      newestSessionAt: null,
      watermark: at('10:00:00'),
      newestFutureAt: null,
      everSeen: true,
    };
    const late = [event('user_activity', '2026-11-23T09:59:59Z', 'u-ada')];
    expect(activityValues(late, before, OWN, NOW)).toEqual(before);

    const same = [event('start_lab', '2026-11-23T10:00:00Z', 'u-ada')];
    expect(activityValues(same, before, OWN, NOW)).toMatchObject({
      newestActivityAt: at('10:00:00'),
      newestCategory: 'start_lab',
    });
  });

  it('once known stays known', () => {
    const before = {
      newestActivityAt: at('09:00:00'),
      newestCategory: 'x',
      newestActAt: at('08:00:00'),
      newestSessionAt: at('09:00:00'),
      watermark: at('10:00:00'),
      newestFutureAt: null,
      everSeen: true,
    };

    const old = [event('system_stats', '2026-11-23T09:30:00Z')];
    expect(activityValues(old, before, OWN, NOW)).toEqual(before);
    // the list of a server holds every event ever: one that is empty now has lost them, and shows nothing new either
    expect(() => activityValues([], before, OWN, NOW)).toThrow(
      expect.objectContaining({ failure: 'unreadable' }) as Error,
    );
  });

  it('was never seen where a server reports nothing', () => {
    expect(activityValues([], null, OWN, NOW)).toEqual({
      newestActivityAt: null,
      newestCategory: null,
      newestActAt: null,
      newestSessionAt: null,
      watermark: null,
      newestFutureAt: null,
      everSeen: false,
    });
  });

  it('cannot be read where no entry is an event, and can where one is', () => {
    const odd = [event('start_lab', 'soon'), { timestamp: '2026-11-23T10:00:00Z' }, null, 7];
    const known = activityValues([event('start_lab', '2026-11-23T10:00:00Z')], null, OWN, NOW);
    for (const before of [null, known]) {
      expect(() => activityValues(odd, before, OWN, NOW)).toThrow(
        expect.objectContaining({
          failure: 'unreadable',
          message: "The CML server's answer cannot be understood: no entry of its telemetry is an event.",
        }) as Error,
      );
    }

    const one = [...odd, event('system_stats', '2026-11-23T10:00:00Z')];
    expect(activityValues(one, null, OWN, NOW).everSeen).toBe(true);
  });

  it('of a clock that is ahead counts as now, and hides nothing that comes later', () => {
    const events = [
      event('system_stats', '2031-01-01T00:00:00Z'),
      event('start_lab', '2031-01-01T00:00:00Z', 'u'),
    ];

    const values = activityValues(events, null, OWN, NOW);

    const ahead = new Date('2031-01-01T00:00:00Z');
    expect(values).toMatchObject({ newestActivityAt: NOW, watermark: null, newestFutureAt: ahead });
    // by a clock that was set right, a moment before that reading
    const act = event('stop_node', '2026-11-23T11:59:59Z', 'u');
    const later = activityValues([...events, act], { ...values, newestActAt: null }, OWN, plus(NOW, SECOND));
    expect(later).toMatchObject({ newestActAt: at('11:59:59'), watermark: at('11:59:59') });
  });

  it('of a clock that is ahead counts once, and then only what is later still', () => {
    const first = event('start_lab', '2031-01-01T00:00:00Z', 'u');
    const values = activityValues([first], null, OWN, NOW);
    const next = plus(NOW, 120 * SECOND);
    expect(activityValues([first], values, OWN, next)).toEqual(values);
    const second = event('user_activity', '2031-01-01T00:01:00Z', 'u');
    expect(activityValues([first, second], values, OWN, next)).toMatchObject({
      newestActivityAt: next,
      newestActAt: NOW,
      newestSessionAt: next,
      newestFutureAt: new Date('2031-01-01T00:01:00Z'),
    });
  });

  it('is told apart: acts on labs and nodes, and sessions of people', () => {
    const events = [
      event('user_activity', '2026-11-23T10:00:00Z', 'u-ada'),
      event('start_lab', '2026-11-23T09:00:00Z', 'u-ada'),
      event('user_activity', '2026-11-23T10:30:00Z', 'u-own'),
      event('stop_lab', '2026-11-23T10:30:00Z', 'u-own'),
      event('running_nodes', '2026-11-23T10:45:00Z'),
    ];

    const values = activityValues(events, null, OWN, NOW);

    expect(values).toMatchObject({
      newestActivityAt: at('10:00:00'),
      newestCategory: 'user_activity',
      newestActAt: at('09:00:00'),
      newestSessionAt: at('10:00:00'),
    });
    const later = [event('boot_node', '2026-11-23T11:00:00Z'), ...events];
    expect(activityValues(later, values, OWN, NOW)).toMatchObject({
      newestActAt: at('11:00:00'),
      newestSessionAt: at('10:00:00'),
    });
  });

  it('is not what we changed ourselves; as built-in admin only when we did', () => {
    const own: OwnAccount = {
      userId: 'u-own',
      builtInAdmin: true,
      logins: [],
      changes: [{ from: at('10:00:00'), to: at('10:00:02') }],
    };
    const counts = (time: string, account: OwnAccount) => {
      const events = [event('stop_lab', `2026-11-23T${time}Z`, 'u-own')];
      return activityValues(events, null, account, NOW).newestActAt !== null;
    };

    expect(counts('10:00:12', own)).toBe(false);
    expect(counts('10:00:13', own)).toBe(true);
    expect(counts('10:00:13', OWN)).toBe(false);
  });

  describe('of an earlier version, which did not tell acts from sessions,', () => {
    const before = {
      newestActivityAt: at('09:00:00'),
      newestCategory: 'start_lab',
      watermark: at('10:00:00'),
      newestFutureAt: null,
      everSeen: true,
    };

    it('is looked at again', () => {
      const events = [
        event('start_lab', '2026-11-23T09:00:00Z', 'u-ada'),
        event('user_activity', '2026-11-23T08:00:00Z', 'u-ada'),
      ];

      expect(activityValues(events, before, OWN, NOW)).toEqual({
        ...before,
        newestActAt: at('09:00:00'),
        newestSessionAt: at('08:00:00'),
      });
    });

    it('stays none of a person’s where it was none', () => {
      // a login of ours as built-in admin, of which a process that died knew
      const own: OwnAccount = { ...OWN, builtInAdmin: true };
      const events = [event('user_activity', '2026-11-23T09:30:00Z', 'u-own')];

      expect(activityValues(events, before, own, NOW)).toMatchObject({
        newestActivityAt: at('09:00:00'),
        newestSessionAt: null,
      });
    });
  });
});
