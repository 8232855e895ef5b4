import { MINUTE, SECOND } from '../../kernel/clocks';
import { OPTIONS } from '../testing/telemetry-bench';
import { cadenceOf, maximalAgeMs, signalRules } from './telemetry.options';

const SOURCES = ['ec2', 'cml-system', 'cml-labs', 'cml-activity', 'cml-license'] as const;
const agesIn = (given: Partial<typeof OPTIONS>) =>
  SOURCES.map((source) => maximalAgeMs({ ...OPTIONS, ...given }, source) / SECOND);

it('reads system and labs as often as EC2 is swept, and the others as they are set', () => {
  expect(cadenceOf({ ...OPTIONS, observeSeconds: 30, activitySeconds: 100, licenseSeconds: 600 })).toEqual({
    'cml-system': 30 * SECOND,
    'cml-labs': 30 * SECOND,
    'cml-activity': 100 * SECOND,
    'cml-license': 600 * SECOND,
  });
});

it('lets a source be as old as three of its readings, or as the limit that is set', () => {
  expect(agesIn({})).toEqual([180, 180, 180, 360, 2_700]);
  expect(agesIn({ observeSeconds: 300 })).toEqual([900, 900, 900, 900, 2_700]);
  expect(agesIn({ maximalAgeSeconds: 600 })).toEqual([600, 600, 600, 600, 2_700]);
  expect(agesIn({ maximalAgeSeconds: 90 })).toEqual([90, 90, 90, 360, 2_700]);
  expect(agesIn({ maximalAgeSeconds: 90, activitySeconds: 60 })).toEqual([90, 90, 90, 90, 2_700]);
  expect(signalRules(OPTIONS, 'cml-activity')).toEqual({ cpuIdleBelowPercent: 10, maximalAgeMs: 6 * MINUTE });
});
