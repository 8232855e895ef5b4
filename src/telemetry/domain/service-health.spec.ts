import { MINUTE, plus } from '../../kernel/clocks';
import { healthAfter, judgedAfter, read, type Reading, START } from '../testing/health-readings';
import { BOOT_BUDGET_MS, serviceHealth, type ServiceHealth } from './service-health';

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
    [
      'one that takes no more logins',
      A,
      60,
      ['good', 'busy', 'busy', 'busy', 'busy', 'good'],
      [A, A, A, A, A, A],
    ],
    ['busy between failures', A, 60, ['timeout', 'busy', 'timeout', 'busy', 'timeout'], [A, A, A, A, U]],
    ['an unhealthy reading after a busy one', A, 60, ['busy', 'unhealthy', 'unhealthy'], [A, A, E]],
    ['busy while it is not in service', E, 60, ['busy', 'busy'], [E, E]],
    ['busy over the boot budget', S, 30, ['busy', 'busy', 'good', 'good'], [S, S, S, A]],
    [
      'a restart of CML alone, with a stray failure',
      A,
      3_000,
      ['good', 'timeout', 'timeout', 'timeout', 'good', 'not-ready', 'good', 'good'],
      [A, A, A, U, S, U, S, A],
    ],
    ['one unhealthy reading', A, 60, ['good', 'unhealthy', 'good'], [A, A, A]],
    ['two unhealthy readings', A, 60, ['unhealthy', 'unhealthy', 'good', 'good'], [A, E, E, A]],
    ['an unhealthy one that comes and goes', A, 60, ['unhealthy', 'timeout', 'unhealthy'], [A, A, E]],
    ['another certificate once', A, 60, ['certificate', 'good', 'good'], [A, A, A]],
    ['another certificate', A, 60, ['certificate', 'certificate', 'good', 'good'], [A, E, E, A]],
    ['refused credentials', A, 60, ['good', 'credentials', 'credentials'], [A, A, E]],
    ['failures of all kinds', A, 60, ['certificate', 'timeout', 'certificate'], [A, A, E]],
    ['a version that is refused', S, 1, ['too old', 'good', 'good'], [E, E, A]],
    ['one in service that names such a version', A, 60, ['good', 'too old', 'too old'], [A, A, E]],
    ['ready that flaps', A, 60, ['not ready', 'good', 'not ready', 'good'], [A, A, A, A]],
    [
      'the first boot, which ends in a reboot',
      U,
      6,
      ['good', 'good', 'unreachable', 'unreachable', 'unreachable', 'not-ready', 'not ready', 'good', 'good'],
      [S, A, A, A, U, U, S, S, A],
    ],
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
    expect(serviceHealth({ current: U, runningSince: START, before, after, now }).status).toBe(S);
    const gone = read(before, 'unreachable', now);
    expect(serviceHealth({ current: U, runningSince: START, before, after: gone, now }).status).toBe(S);
  });

  it('gives a boot its budget to the millisecond', () => {
    const end = plus(START, BOOT_BUDGET_MS);
    const after = read(undefined, 'unreachable', end);
    const input = { current: S, runningSince: START, before: undefined, after };
    expect(serviceHealth({ ...input, now: end }).status).toBe(S);
    expect(serviceHealth({ ...input, now: plus(end, 1) }).status).toBe(E);
  });

  it('goes on booting where its other certificate was accepted', () => {
    const after = read(undefined, 'certificate', START);
    const input = { current: S, runningSince: START, before: undefined, after, now: START };
    const judged = serviceHealth({ ...input, certificateReplaced: true });
    expect([judged.status, judged.finding?.code]).toEqual([S, 'certificate-replaced']);
  });
});

describe('why the service is so', () => {
  const codes = (...given: Parameters<typeof judgedAfter>) =>
    judgedAfter(...given).map(({ finding }) => finding?.code ?? null);
  const cases: [string, ServiceHealth, number, Reading[], (string | null)[]][] = [
    [
      'a boot',
      U,
      1,
      ['unreachable', 'not-ready', 'refused', 'not ready', 'unhealthy', 'health unknown', 'good', 'good'],
      [
        ...['no-answer', 'services-starting', 'failing-answers', 'not-ready'],
        ...['unhealthy', 'health-unknown', 'settling', null],
      ],
    ],
    [
      'a boot over its budget',
      S,
      30,
      ['timeout', 'timeout', 'not ready'],
      ['no-answer', 'boot-overdue', 'not-ready'],
    ],
    [
      'one that a person must look at',
      S,
      1,
      ['certificate', 'credentials', 'too old'],
      ['certificate', 'credentials', 'version-unsupported'],
    ],
    [
      'what one reading does not change',
      A,
      60,
      ['unhealthy', 'good', 'timeout', 'good'],
      [null, null, null, null],
    ],
    [
      'what goes away',
      A,
      60,
      ['good', 'timeout', 'timeout', 'timeout', 'not-ready', 'good'],
      [null, null, null, 'no-answer', 'services-starting', 'settling'],
    ],
    [
      'a stray failure while CML is restarted on an instance that runs for long',
      A,
      3_000,
      ['good', 'timeout', 'timeout', 'timeout', 'good', 'not-ready', 'good', 'good'],
      [null, null, null, 'no-answer', 'settling', 'services-starting', 'settling', null],
    ],
    ['what holds in error', E, 60, ['timeout', 'good', 'timeout'], [null, null, null]],
  ];
  it.each(cases)('%s', (_, from, minute, readings, expected) => {
    expect(codes(readings, from, minute)).toEqual(expected);
  });

  it.each([
    [
      S,
      1,
      'unreachable',
      'CML does not answer. Wait: it has 30 minutes from the start of its instance, and restarts once in its first boot.',
    ],
    [
      S,
      31,
      'unreachable',
      "CML did not become usable within 30 minutes of the start of its instance. Look at the instance's console; a stop and a start may help.",
    ],
    [
      S,
      1,
      'certificate',
      'CML shows another TLS certificate than the accepted one, or one that does not verify. An admin must check and accept it.',
    ],
    [
      S,
      1,
      'credentials',
      "CML refuses the fleet's user name and password, or they lack the rights of an admin. Set the right ones.",
    ],
    [
      S,
      1,
      'too old',
      'CML names the version 2.6.1. CML below 2.7 lacks what the fleet asks for. Launch the worker from an image with CML 2.9.',
    ],
  ] as const)('is told to people, with what helps: %s at minute %i, %s', (from, minute, reading, message) => {
    expect(judgedAfter([reading], from, minute)[0]?.finding?.message).toBe(message);
  });
});
