import { MINUTE } from '../../../src/kernel/clocks';
import { OPEN_CALENDAR } from '../../../src/reaper/domain/policy/calendar';
import { decide } from '../../../src/reaper/domain/decision/idle-decision';
import { idlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { type PolicySource } from '../../../src/reaper/domain/ports';
import { anIdleInput, NOW, WARNED } from '../../../src/reaper/testing/idle-input.builder';
import { aWorkerState } from '../../../src/reaper/testing/worker-state.builder';
import { activitySeen, CLEAR, systemSeen } from '../truth/observer';
import { Server } from '../truth/server';
import { Story } from '../world/story';
import { Decisions } from './decisions';
import { Oracle } from './oracle';

const ACTIVE = 'a worker was stopped on which somebody had been active';

/** A server that is stopped as idle, by a policy that asks for an hour, after so many minutes with it. */
function stopped(minutes: readonly (readonly [number, (server: Server, at: Date) => void])[], given = {}) {
  const time = { now: NOW.getTime() };
  const server = new Server('w-1', time, { changes: () => undefined, changed: () => undefined });
  for (const [ago, happens] of minutes) {
    time.now = NOW.getTime() - ago * MINUTE;
    happens(server, new Date(time.now));
  }
  time.now = NOW.getTime();
  const policy = idlePolicy({ warningStagesMinutes: [15, 5], noticeRequired: false, ...given }, 60);
  const decisions = new Decisions();
  decisions.note(1, decide(anIdleInput({ worker: { ...WARNED, id: 'w-1' }, policy })));
  const record = aWorkerState({ id: 'w-1' });
  const desired = { ...record.desired, state: 'STOPPED', by: 'system:reaper', decisionId: 'd-1' } as const;
  const policies = {
    of: () => ({ policy, calendar: OPEN_CALENDAR, origins: {}, layers: [] }),
    fleet: () => ({ fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 }),
  } as unknown as PolicySource;
  const story = new Story(false);
  const probe = { begunAt: time.now - 2_000, readAt: time.now - 1_000, endedAt: time.now - 500, ok: true };
  const oracle = new Oracle(
    {
      ...{ decisions, policies, deliveries: [], toldByLog: true, usedApiAt: () => null },
      ...{ probeOf: () => probe, recordOf: () => ({ ...record, desired }), pausedSince: () => null },
    },
    story,
  );
  oracle.stopping(server, time.now, time.now);
  const { invisible, raced } = oracle.tally;
  return { harms: story.harms.map(({ harm }) => harm), invisible, raced };
}

const looks = (server: Server) => server.act('user_activity', 'ann');
const isSilent = (server: Server) => {
  server.telemetryOn = false;
};
const listsEvents = (server: Server, at: Date) => activitySeen(server, CLEAR, null, at);
const listsNone = (server: Server, at: Date) => activitySeen(server, { ...CLEAR, empty: true }, null, at);
const showsLoad = (server: Server, at: Date) => systemSeen(server, at);

describe('the oracle', () => {
  it('finds nothing where the latest use was before the window', () => {
    expect(
      stopped([
        [61, looks],
        [60.5, listsEvents],
      ]),
    ).toEqual({ harms: [], invisible: 0, raced: 0 });
  });

  it('finds harm where somebody was active, and any event was shown', () => {
    expect(
      stopped([
        [20, looks],
        [19, listsEvents],
      ]),
    ).toMatchObject({ harms: [ACTIVE], invisible: 0 });
  });

  it('finds harm though the list was lost since', () => {
    const lost = stopped([
      [300, looks],
      [299, listsEvents],
      [30, listsNone],
      [20, looks],
      [19, listsNone],
    ]);
    expect(lost).toMatchObject({ harms: [ACTIVE], invisible: 0 });
  });

  it.each([
    [
      'whose list was empty all along',
      [
        [20, looks],
        [19, listsNone],
      ],
    ],
    [
      'without telemetry',
      [
        [30, isSilent],
        [20, looks],
        [19, listsEvents],
      ],
    ],
  ] as const)('counts who only looks around on a server %s, apart', (_name, minutes) => {
    expect(stopped(minutes)).toEqual({ harms: [], invisible: 1, raced: 0 });
  });

  it('finds harm where a lab ran lately on a server without telemetry', () => {
    const ended = stopped([
      [90, isSilent],
      [80, (server) => server.startLab('lab', 'ann')],
      [20, (server) => server.stopLab('lab', 'ann')],
    ]);
    expect(ended).toMatchObject({ harms: [ACTIVE], invisible: 0 });
  });

  describe('of a job on a server without telemetry', () => {
    const job = [
      [30, isSilent],
      [25, looks],
      [24, (server: Server) => server.load(80)],
      [20, showsLoad],
      [15, (server: Server) => server.load(3)],
      [10, showsLoad],
    ] as const;

    it('finds harm where the policy asks for the load', () => {
      expect(stopped(job)).toMatchObject({ harms: [ACTIVE], invisible: 0 });
    });

    it('counts it apart where it does not', () => {
      expect(stopped(job, { requiredSignals: ['ec2', 'labs'] })).toMatchObject({ harms: [], invisible: 1 });
    });
  });

  it('counts a use after the probe apart, and finds the harm of one before it', () => {
    const late = [
      [0, looks],
      [0, listsEvents],
    ] as const;
    expect(stopped(late)).toEqual({ harms: [], invisible: 0, raced: 1 });
    expect(stopped([[20, looks], ...late])).toEqual({ harms: [ACTIVE], invisible: 0, raced: 1 });
  });
});
