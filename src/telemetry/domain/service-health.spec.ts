import { MINUTE, plus } from '../../kernel/clocks';
import { failed, type Observation, observed, type SystemValues } from './observation';
import { BOOT_BUDGET_MS, serviceHealth, type ServiceHealth } from './service-health';

const START = new Date('2026-03-02T09:00:00.000Z');
const VALUES: SystemValues = {
  version: '2.9.0',
  ready: true,
  healthy: true,
  licensed: true,
  cpuPercent: 3,
  memoryPercent: 20,
  diskPercent: 30,
  runningNodes: 0,
};

/** Readings a minute apart from the instance's start on, in words. */
const ANSWERS = {
  good: VALUES,
  'not ready': { ...VALUES, ready: false, healthy: null },
  unhealthy: { ...VALUES, healthy: false },
  'health unknown': { ...VALUES, healthy: null },
};
type Reading = keyof typeof ANSWERS | 'unreachable' | 'not-ready' | 'certificate' | 'credentials';

function read(before: Observation<'cml-system'> | undefined, reading: Reading, at: Date) {
  if (reading in ANSWERS) {
    return observed(before, 'w1', 'cml-system', ANSWERS[reading as keyof typeof ANSWERS], at);
  }
  return failed(before, 'w1', 'cml-system', { code: reading, message: reading, at });
}

/** Each status after each reading. */
function healthAfter(readings: readonly Reading[], from: ServiceHealth, minute: number): ServiceHealth[] {
  let before: Observation<'cml-system'> | undefined;
  let current = from;
  return readings.map((reading, index) => {
    const now = plus(START, (minute + index) * MINUTE);
    const after = read(before, reading, now);
    current = serviceHealth({ current, runningSince: START, before, after, now });
    before = after;
    return current;
  });
}

const [U, S, A, E] = ['UNAVAILABLE', 'STARTING', 'AVAILABLE', 'ERROR'] as const;

describe('serviceHealth', () => {
  const cases: [string, ServiceHealth, number, Reading[], ServiceHealth[]][] = [
    ['a boot', U, 1, ['unreachable', 'not-ready', 'not ready', 'good', 'good'], [S, S, S, S, A]],
    ['a reboot within a boot', U, 1, ['good', 'unreachable', 'not-ready', 'good', 'good'], [S, S, S, S, A]],
    ['one good reading between others', U, 1, ['good', 'not ready', 'good', 'good'], [S, S, S, A]],
    ['health that the server does not tell', U, 1, ['health unknown', 'health unknown'], [S, S]],
    ['a boot over its budget', S, 30, ['unreachable', 'unreachable'], [S, E]],
    ['one that answers, over the budget', S, 31, ['not ready', 'good', 'good'], [E, E, A]],
    ['two failures', A, 60, ['unreachable', 'not-ready', 'good'], [A, A, A]],
    ['three failures', A, 60, ['good', 'unreachable', 'unreachable', 'unreachable'], [A, A, A, U]],
    [
      'three failures, and on',
      A,
      60,
      ['good', 'unreachable', 'unreachable', 'unreachable', 'unreachable', 'good', 'good'],
      [A, A, A, U, U, S, A],
    ],
    ['one unhealthy reading', A, 60, ['good', 'unhealthy', 'good'], [A, A, A]],
    ['two unhealthy readings', A, 60, ['unhealthy', 'unhealthy', 'good', 'good'], [A, E, E, A]],
    ['another certificate', A, 60, ['certificate', 'good', 'good'], [E, E, A]],
    ['refused credentials while it boots', S, 1, ['credentials', 'good', 'good'], [E, E, A]],
    [
      'an unhealthy one goes away',
      E,
      60,
      ['good', 'unreachable', 'unreachable', 'unreachable'],
      [E, E, E, U],
    ],
    [
      'one that never came up stays in error',
      E,
      60,
      ['unreachable', 'unreachable', 'unreachable'],
      [E, E, E],
    ],
  ];
  it.each(cases)('%s', (_, from, minute, readings, expected) => {
    expect(healthAfter(readings, from, minute)).toEqual(expected);
  });

  it('does not count what was read before the instance was started', () => {
    const before = read(undefined, 'good', plus(START, -MINUTE));
    const now = plus(START, MINUTE);
    const after = read(before, 'good', now);
    expect(serviceHealth({ current: U, runningSince: START, before, after, now })).toBe(S);
    const gone = read(before, 'unreachable', now);
    expect(serviceHealth({ current: U, runningSince: START, before, after: gone, now })).toBe(S);
  });

  it('gives a boot its budget to the millisecond', () => {
    const end = plus(START, BOOT_BUDGET_MS);
    const after = read(undefined, 'unreachable', end);
    const input = { current: S, runningSince: START, before: undefined, after };
    expect(serviceHealth({ ...input, now: end })).toBe(S);
    expect(serviceHealth({ ...input, now: plus(end, 1) })).toBe(E);
  });
});
