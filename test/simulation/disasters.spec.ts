import { Logger } from '@nestjs/common';
import { NO_CALENDAR_RULES } from '../../src/reaper/domain/policy/calendar-rules';
import { ZONES } from './plan/calendars';
import { calmRun } from './plan/calm-run';
import { HOUR, MINUTE } from './plan/durations';
import { OtherPolicies, withoutCalendar } from './sabotage/parts';
import { type Sabotage } from './sabotage/sabotage';
import { CLEAR } from './truth/observer';
import { OBSERVER } from './truth/server';
import { Fleet } from './world/fleet';
import { type RunTraits } from './world/traits';
import { type WorkerLife } from './world/worker-life';

interface Scene {
  readonly fleet: Fleet;
  readonly first: WorkerLife;
  /** minutes from the beginning */
  readonly at: (minutes: number, run: () => void | Promise<void>) => void;
}

/** Minutes from the beginning at which EC2 was made to stop an instance, and what went wrong. */
async function lived(traits: RunTraits, script: (scene: Scene) => void, sabotage: Sabotage = {}) {
  Logger.overrideLogger(false);
  const fleet = new Fleet(traits, { slow: false }, { tells: true, sabotaged: () => sabotage });
  const [first] = fleet.lives.values();
  if (!first) throw new Error('a scene has a worker');
  const begin = fleet.time.now;
  script({ fleet, first, at: (minutes, run) => fleet.time.at(begin + minutes * MINUTE, run) });
  await fleet.live();
  const stops = fleet.story.lines
    .filter((line) => line.includes('EC2 stops it'))
    .map((line) => (Date.parse(line.slice(0, 24)) - begin) / MINUTE);
  return { stops, harms: fleet.story.harms.map(({ harm }) => harm), fleet };
}

describe('what others were ruined by', () => {
  it('a flag that says "not busy" once, and for hours', async () => {
    const stale = ({ first, at }: Scene) => {
      at(10, () => first.server.startLab('lab', 'ann'));
      at(15, () => first.readings.show({ ...CLEAR, stoppedFlag: true }));
    };
    expect(await lived(calmRun(1), stale)).toMatchObject({ stops: [], harms: [] });
    const { harms } = await lived(calmRun(1), stale, { blindToNodes: true });
    expect(harms).toContain('a worker with running labs was stopped');
  });

  it('a flag that flips in the middle of a job', async () => {
    const flips = ({ first, at }: Scene) => {
      at(10, () => first.server.startLab('lab', 'ann'));
      for (let minute = 20; minute < 700; minute += 7) {
        at(minute, () => first.readings.show({ ...CLEAR, stoppedFlag: true }));
        at(minute + 5, () => first.readings.show(CLEAR));
      }
    };
    expect(await lived(calmRun(1), flips)).toMatchObject({ stops: [], harms: [] });
  });

  it('telemetry that answers, and is empty', async () => {
    const emptied = ({ first, at }: Scene) => {
      at(10, () => first.server.act('user_activity', 'ann'));
      at(20, () => first.readings.show({ ...CLEAR, empty: true }));
      for (let minute = 30; minute < 700; minute += 15) {
        at(minute, () => first.server.act('user_activity', 'ann'));
      }
    };
    expect(await lived(calmRun(1), emptied)).toMatchObject({ stops: [], harms: [] });
  });

  it('a listing that ends after its first page', async () => {
    const cut = ({ first, at }: Scene) => {
      at(5, () => first.readings.show({ ...CLEAR, listed: 0 }));
      at(10, () => first.server.startLab('lab', 'ann'));
    };
    expect(await lived(calmRun(1), cut)).toMatchObject({ stops: [], harms: [] });
    const { harms } = await lived(calmRun(1), cut, { blindToNodes: true });
    expect(harms).toContain('a worker with running labs was stopped');
  });

  it('the observer’s own logins, which look like somebody’s', async () => {
    const polls = (who: string) => (scene: Scene) => {
      for (let minute = 5; minute < 700; minute += 4) {
        scene.at(minute, () => {
          if (scene.first.server.instance === 'running') scene.first.server.act('user_activity', who);
        });
      }
    };
    expect((await lived(calmRun(1), polls(OBSERVER))).stops).toHaveLength(1);
    expect((await lived(calmRun(1), polls('ann'))).stops).toEqual([]);
  });

  it('a restart that forgets who snoozed what', async () => {
    const restarted = ({ fleet, first, at }: Scene) => {
      at(30, async () => {
        await fleet.api.snooze(first.id, 4 * HOUR);
        first.usedApi();
      });
      at(40, () => fleet.installation.goDown(3 * MINUTE));
    };
    const { stops, harms } = await lived(calmRun(1), restarted);
    expect(harms).toEqual([]);
    expect(stops).toHaveLength(1);
    expect(stops[0]).toBeGreaterThan(270);
  });

  it('the first tick after six hours without any', async () => {
    const policy = { idleThresholdMinutes: 30 };
    const { stops, harms } = await lived(calmRun(8, policy), ({ fleet, at }) => {
      at(28, () => fleet.installation.goDown(6 * HOUR));
    });
    expect(harms).toEqual([]);
    expect(stops).toHaveLength(8);
    // people are told anew, and one after the other is stopped
    expect(Math.min(...stops)).toBeGreaterThan(28 + 360 + 15);
    const minutes = stops.map((minute) => Math.floor(minute));
    expect(new Set(minutes).size).toBe(8);
  });

  it('a budget that is counted by the tick', async () => {
    const budget = { stops: 2, sharePercent: null, windowMinutes: 120 };
    const rules = { fleetBudget: budget, regionBudget: null, breakerWindowMinutes: 60 };
    const { stops, harms } = await lived(calmRun(6, {}, { rules }), () => undefined);
    expect(harms).toEqual([]);
    expect(stops.length).toBeGreaterThanOrEqual(6);
    for (const stop of stops)
      expect(stops.filter((at) => at >= stop && at < stop + 119).length).toBeLessThanOrEqual(2);
    const byTick: Sabotage = {
      policies: (policies) =>
        new OtherPolicies(
          policies,
          (policy) => policy,
          (one) => ({ ...one, windowMinutes: 1 }),
        ),
    };
    const sabotaged = await lived(calmRun(6, {}, { rules }), () => undefined, byTick);
    expect(sabotaged.harms).toContain('more was stopped than a budget allows');
  });

  /** Days on which clocks are set forward and back in one of the zones. */
  const DAYS = [
    '2027-03-14',
    '2027-03-28',
    '2027-04-04',
    '2027-09-26',
    '2027-10-03',
    '2027-10-31',
    '2027-11-07',
  ];

  it.each(ZONES)(
    'the nights on which clocks are set, in %s',
    async (timeZone) => {
      const never = [
        { name: 'night', start: '01:30', lengthMinutes: 180, onHolidays: 'as-usual' as const, dates: DAYS },
      ];
      const calendar = { ...NO_CALENDAR_RULES, timeZone, never };
      let unguarded = 0;
      for (const day of DAYS) {
        // it falls idle all around the clock of the zone, somewhere on the Earth
        const start = new Date(Date.parse(`${day}T00:00:00Z`) - 14 * HOUR);
        const traits = calmRun(
          1,
          { idleThresholdMinutes: 30, warningStagesMinutes: [5], calendar },
          { start, hours: 40 },
        );
        const again = ({ fleet, first, at }: Scene) => {
          for (let minute = 45; minute < 2_400; minute += 50) {
            at(minute, async () => {
              await fleet.api.start(first.id);
              first.usedApi();
            });
          }
        };
        expect((await lived(traits, again)).harms).toEqual([]);
        const open: Sabotage = { policies: (policies) => new OtherPolicies(policies, withoutCalendar) };
        unguarded += (await lived(traits, again, open)).harms.length;
      }
      expect(unguarded).toBeGreaterThan(0);
    },
    120_000,
  );
});
