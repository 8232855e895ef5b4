import { plus, SECOND } from '../../kernel/clocks';
import { CmlError } from '../../telemetry';
import { activityValues, type OwnAccount } from './activity-reading';

const NOW = new Date('2026-11-23T12:00:00Z');
const OWN: OwnAccount = { userId: 'u-own', builtInAdmin: false, logins: [] };

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
      watermark: at('11:00:00'),
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
      watermark: at('10:00:00'),
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
      watermark: at('10:00:00'),
      everSeen: true,
    };

    expect(activityValues([], before, OWN, NOW)).toEqual(before);
  });

  it('was never seen where a server reports nothing that can be read', () => {
    const events = [event('start_lab', 'soon'), { timestamp: '2026-11-23T10:00:00Z' }, null, 7];

    expect(activityValues(events, null, OWN, NOW)).toEqual({
      newestActivityAt: null,
      newestCategory: null,
      watermark: null,
      everSeen: false,
    });
  });

  it('of a clock that is ahead counts as now, and hides nothing that comes later', () => {
    const events = [
      event('system_stats', '2031-01-01T00:00:00Z'),
      event('start_lab', '2031-01-01T00:00:00Z', 'u'),
    ];

    const values = activityValues(events, null, OWN, NOW);

    expect(values).toMatchObject({ newestActivityAt: NOW, watermark: NOW });
  });

  it('cannot be read from an answer that is no list', () => {
    expect(() => activityValues({}, null, OWN, NOW)).toThrow(CmlError);
  });
});
