import { anIdleInput, minutesAgo, NOW, WARNED } from '../testing/idle-input.builder';
import { decide } from './decision/idle-decision';
import { idlePolicy } from './policy/idle-policy';
import { type LiveProbe, objectionOf } from './live-probe';

const SILENT: LiveProbe = {
  at: NOW,
  runningLabs: null,
  runningNodes: null,
  newestActivityAt: null,
  cpuPercent: null,
  failure: 'no answer within 5 s',
};
const idle = decide(anIdleInput({ worker: WARNED }));
const uptime = decide(
  anIdleInput({
    policy: idlePolicy({ maxUptimeMinutes: 600, warningStagesMinutes: [15, 5] }, 60),
    worker: { ...WARNED, plannedStop: { at: NOW, reason: 'old', cause: 'max-uptime' } },
    signals: { labs: undefined },
  }),
);

describe('what a live probe objects', () => {
  it('is asked of stops of each kind', () => {
    expect([idle, uptime].map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ['stop', 'idle'],
      ['stop', 'max-uptime'],
    ]);
  });

  it('is what it did not say, but not at the end of the maximum uptime', () => {
    expect(objectionOf(SILENT, idle)).toEqual({
      inUse: false,
      detail: 'the running labs could not be read.',
    });
    expect(objectionOf(SILENT, uptime)).toBeNull();
  });

  it.each<[Partial<LiveProbe>, boolean, string]>([
    [{ runningLabs: 2 }, true, '2 labs run.'],
    [{ runningNodes: 1 }, false, 'no lab is known to run, but 1 node does.'],
    [{ runningLabs: 0, runningNodes: 3 }, false, 'no lab runs, but 3 nodes do.'],
    [{ newestActivityAt: minutesAgo(4) }, true, 'somebody was active at 2027-01-15T11:56:00Z.'],
    [{ cpuPercent: 10 }, true, 'the CPU is at 10 %, and idle below 10 %.'],
  ])('is any use that it shows, whatever the stop is for: %j', (said, inUse, detail) => {
    expect(objectionOf({ ...SILENT, ...said }, idle)).toEqual({ inUse, detail });
    // nodes without a lab: the maximum uptime would be called off again and again
    expect(objectionOf({ ...SILENT, ...said }, uptime)).toEqual({ inUse: true, detail });
  });

  it('is that people could not be asked for, but not at the end of the maximum uptime', () => {
    const inPart = { ...SILENT, runningLabs: 0, runningNodes: 0, cpuPercent: 1 };
    const detail = 'not everything could be read: no answer within 5 s';
    expect(objectionOf(inPart, idle)).toEqual({ inUse: false, detail });
    expect(objectionOf({ ...inPart, failure: null }, idle)).toBeNull();
    expect(objectionOf(inPart, uptime)).toBeNull();
  });

  it('is an act after the window began; at the end of the maximum uptime only one of late', () => {
    const acted = { ...SILENT, runningLabs: 0, cpuPercent: 1, newestActivityAt: minutesAgo(10) };
    expect(objectionOf(acted, idle)).toMatchObject({ inUse: true });
    expect(objectionOf(acted, uptime)).toBeNull();
  });
});
