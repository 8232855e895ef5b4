import { MINUTE, plus } from '../../kernel/clocks';
import { failed, type Observation, observed, type SystemValues } from '../domain/observation';
import { serviceHealth, type ServiceHealth, type ServiceJudgement } from '../domain/service-health';

export const START = new Date('2026-03-02T09:00:00.000Z');
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
export const ANSWERS = {
  good: VALUES,
  'not ready': { ...VALUES, ready: false, healthy: null },
  unhealthy: { ...VALUES, healthy: false },
  'health unknown': { ...VALUES, healthy: null },
  'too old': { ...VALUES, version: '2.6.1' },
};
export const FAILURES = [
  'unreachable',
  'timeout',
  'not-ready',
  'certificate',
  'credentials',
  'refused',
  'busy',
] as const;
export type Reading = keyof typeof ANSWERS | (typeof FAILURES)[number];

export function read(before: Observation<'cml-system'> | undefined, reading: Reading, at: Date) {
  if (reading in ANSWERS) {
    return observed(before, 'w1', 'cml-system', ANSWERS[reading as keyof typeof ANSWERS], at);
  }
  return failed(before, 'w1', 'cml-system', { code: reading, message: reading, at });
}

/** What is said after each reading. */
export function judgedAfter(
  readings: readonly Reading[],
  from: ServiceHealth,
  minute: number,
): ServiceJudgement[] {
  let before: Observation<'cml-system'> | undefined;
  let current = from;
  return readings.map((reading, index) => {
    const now = plus(START, (minute + index) * MINUTE);
    const after = read(before, reading, now);
    const judgement = serviceHealth({ current, runningSince: START, before, after, now });
    before = after;
    current = judgement.status;
    return judgement;
  });
}

export const healthAfter = (...given: Parameters<typeof judgedAfter>) =>
  judgedAfter(...given).map(({ status }) => status);
