import { systemValues } from './system-reading';

const INFORMATION = { version: '2.9.0+build.3', ready: true, oui: null };
const HEALTH = { valid: true, is_licensed: false, computes: {} };
const STATS = {
  all: {
    cpu: { count: 48, percent: 0.4896 },
    memory: { total: 200, free: 120, used: 50 },
    disk: { total: 64, free: 48, used: 16 },
  },
  computes: {
    a: { stats: { dominfo: { running_nodes: 3 } } },
    b: { stats: { dominfo: { running_nodes: 0 } } },
  },
};
const NOTHING = {
  version: null,
  ready: null,
  healthy: null,
  licensed: null,
  cpuPercent: null,
  memoryPercent: null,
  diskPercent: null,
  runningNodes: null,
};

describe('a reading of the system', () => {
  it('takes percents as they are, and used by total', () => {
    expect(systemValues(INFORMATION, HEALTH, STATS)).toEqual({
      version: '2.9.0+build.3',
      ready: true,
      healthy: true,
      licensed: false,
      cpuPercent: 0.4896,
      memoryPercent: 25,
      diskPercent: 25,
      runningNodes: 3,
    });
  });

  it.each([
    ['nothing', {}, null, null],
    ['something else', 'text', [], 7],
    ['values of other kinds', { version: 2.9, ready: 'yes' }, { valid: 1 }, { all: [], computes: 3 }],
  ])('knows nothing from %s', (_, information, health, stats) => {
    expect(systemValues(information, health, stats)).toEqual(NOTHING);
  });

  it('takes the disk of the controller where there is none of all', () => {
    const stats = { controller: { disk: { total: 10, free: 1, used: 9 } } };

    expect(systemValues(null, null, stats).diskPercent).toBe(90);
  });

  it.each([
    ['above 100 by rounding is 100', 100.4, 100],
    ['far above is none', 4_200, null],
    ['below 0 is none', -1, null],
    ['of no number is none', 'NaN', null],
  ])('a percent %s', (_, percent, expected) => {
    expect(systemValues(null, null, { all: { cpu: { percent } } }).cpuPercent).toBe(expected);
  });

  it('has no share of a memory without size', () => {
    const stats = { all: { memory: { total: 0, used: 0 } } };

    expect(systemValues(null, null, stats).memoryPercent).toBeNull();
  });

  it('counts machines that run without a node of theirs', () => {
    const computes = {
      a: { stats: { dominfo: { running_nodes: 3, running_orphans: 2 } } },
      b: { stats: { dominfo: { running_nodes: 0, running_orphans: null } } },
    };

    expect(systemValues(null, null, { computes }).runningNodes).toBe(5);
  });

  it('counts no nodes while one of the computes has not counted', () => {
    const computes = { ...STATS.computes, c: { stats: { dominfo: { running_nodes: null } } } };

    expect(systemValues(null, null, { computes }).runningNodes).toBeNull();
  });
});
