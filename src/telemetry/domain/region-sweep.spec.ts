import { UNLICENSED } from '../testing/fake-cml';
import { MINUTE, plus } from '../../kernel/clocks';
import { NO_POINTS } from '../testing/fake-ec2';
import { freshnessOf } from './freshness';
import { observed } from './observation';
import { regionState } from './region-sweep';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const AGE = 3 * MINUTE;
const error = { code: 'RequestLimitExceeded', message: 'slow down', at: NOW };
const SWEPT = { region: 'r', sweep: null, sweptAt: NOW, size: null, shrunk: null, healthError: null };
const SWEEP = { ...SWEPT, lastError: null, accountId: null, owner: 'a', fence: 1 };
const pointOf = (ms: number) => ({ value: 1, at: plus(NOW, ms) });
const sweep = (given: object) => ({ ...SWEEP, ...given });

describe('regionState', () => {
  it.each([
    ['unknown', undefined],
    ['unknown', sweep({ sweptAt: null })],
    ['ok', sweep({ sweptAt: plus(NOW, -AGE) })],
    ['unknown', sweep({ sweptAt: plus(NOW, -AGE - 1) })],
    ['failing', sweep({ lastError: error })],
  ])('is %s after %j', (state, latest) => {
    expect(regionState(latest, NOW, AGE)).toBe(state);
  });
});

describe('freshnessOf', () => {
  const at = (time: Date) => observed<'cml-license'>(undefined, 'w1', 'cml-license', UNLICENSED, time);
  it.each([
    ['missing', undefined],
    ['fresh', at(plus(NOW, -AGE))],
    ['stale', at(plus(NOW, -AGE - 1))],
  ])('is %s', (state, observation) => {
    expect(freshnessOf(observation, NOW, AGE)).toBe(state);
  });

  it.each([
    ['fresh', { cpuUtilization: pointOf(-AGE), statusCheckFailed: pointOf(-2 * AGE) }],
    ['stale', { cpuUtilization: pointOf(-AGE - 1) }],
    ['missing', {}],
  ])('of CloudWatch is %s by its newest point, whenever it was asked', (state, points) => {
    const values = { ...NO_POINTS, ...points };
    expect(freshnessOf(observed<'cloudwatch'>(undefined, 'w1', 'cloudwatch', values, NOW), NOW, AGE)).toBe(
      state,
    );
  });
});
