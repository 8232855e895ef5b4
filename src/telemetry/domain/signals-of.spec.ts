import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import {
  type ActivityValues,
  failed,
  type LabsValues,
  type Observation,
  type Observations,
  observed,
  type Source,
  type SystemValues,
  type ValuesOf,
  withReadings,
} from './observation';
import { lastActivityIn, RECENT_ACTIVITY_MS, signalsOf } from './signals-of';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const RULES = { cpuIdleBelowPercent: 10, maximalAgeMs: 3 * MINUTE };
const FAILURE = { code: 'timeout', message: 'no answer', at: NOW };

const ago = (minutes: number) => plus(NOW, -minutes * MINUTE);
const saw = <S extends Source>(source: S, values: ValuesOf[S], at = NOW): Observation<S> =>
  observed<S>(undefined, 'w1', source, values, at);
const running = (count: number): LabsValues => ({ total: count, running: count, labs: [] });
const load = (cpuPercent: number | null): SystemValues => ({
  version: null,
  ready: true,
  healthy: true,
  licensed: null,
  cpuPercent,
  memoryPercent: null,
  diskPercent: null,
  runningNodes: null,
});
const acts = (newestActivityAt: Date | null, everSeen = true): ActivityValues => ({
  newestActivityAt,
  newestCategory: null,
  watermark: null,
  everSeen,
});
const instance = (status: string, missingSince: Date | null = null) => ({
  status,
  publicIp: null,
  privateIp: null,
  instanceType: null,
  missingSince,
  ...{ checks: null, scheduledEvents: null, healthReadAt: null, interruption: null },
});

function said(before: Observations, ...readings: Observation[]) {
  return signalsOf('w1', before, withReadings(before, readings), RULES).map(({ signal, value, at }) => [
    signal,
    value,
    at,
  ]);
}

describe('signalsOf', () => {
  it.each([
    ['labs run', saw('cml-labs', running(2)), 'labs', 'active'],
    ['no lab runs', saw('cml-labs', running(0)), 'labs', 'idle'],
    ['the processor is at the threshold', saw('cml-system', load(10)), 'cpu', 'active'],
    ['it is below', saw('cml-system', load(9.99)), 'cpu', 'idle'],
    ['the load is not told', saw('cml-system', load(null)), 'cpu', 'unknown'],
    ['the instance runs', saw('ec2', instance('RUNNING')), 'ec2', 'idle'],
    ['it does not run', saw('ec2', instance('STOPPED')), 'ec2', 'unknown'],
    ['EC2 does not know it', saw('ec2', instance('RUNNING', ago(1))), 'ec2', 'unknown'],
    ['no event was ever seen', saw('cml-activity', acts(null, false)), 'activity', 'unknown'],
    ['events were seen, none of a person', saw('cml-activity', acts(null)), 'activity', 'idle'],
    ['the newest act is old', saw('cml-activity', acts(ago(5))), 'activity', 'idle'],
    ['the newest act is recent', saw('cml-activity', acts(plus(ago(5), 1))), 'activity', 'active'],
  ])('%s', (_, reading, signal, value) => {
    expect(said({}, reading)).toEqual([[signal, value, NOW]]);
  });

  it('finds an act that happened since the last reading, however long ago that is', () => {
    const before = { 'cml-activity': saw('cml-activity', acts(null), ago(30)) };
    expect(RECENT_ACTIVITY_MS).toBe(5 * MINUTE);
    expect(said(before, saw('cml-activity', acts(ago(20))))).toEqual([['activity', 'active', NOW]]);
    expect(said(before, saw('cml-activity', acts(ago(31))))).toEqual([['activity', 'idle', NOW]]);
  });

  it('says nothing of sources that were not read again, and of one failed poll', () => {
    const before = withReadings({}, [saw('cml-labs', running(0), ago(3)), saw('ec2', instance('RUNNING'))]);
    expect(said(before)).toEqual([]);
    expect(said(before, failed(before['cml-labs'], 'w1', 'cml-labs', FAILURE))).toEqual([]);
  });

  it('says unknown when the last good reading is too old, or there was none', () => {
    const before = { 'cml-labs': saw('cml-labs', running(0), plus(ago(3), -1)) };
    const unknown = [['labs', 'unknown', NOW]];
    expect(said(before, failed(before['cml-labs'], 'w1', 'cml-labs', FAILURE))).toEqual(unknown);
    expect(said({}, failed<'cml-labs'>(undefined, 'w1', 'cml-labs', FAILURE))).toEqual(unknown);
  });
});

describe('lastActivityIn', () => {
  const lastOf = (...readings: Observation[]) => {
    const after = withReadings({}, readings);
    return lastActivityIn(after, signalsOf('w1', {}, after, RULES));
  };

  it('is unknown where nothing tells of use', () => {
    expect(
      lastOf(saw('cml-labs', running(0)), saw('cml-system', load(3)), saw('ec2', instance('RUNNING'))),
    ).toBe(null);
  });

  it.each([
    ['a running lab', saw('cml-labs', running(1)), NOW],
    ['a busy processor', saw('cml-system', load(50)), NOW],
    ['what a person did', saw('cml-activity', acts(ago(50))), ago(50)],
    ['never the future, where a clock is ahead', saw('cml-activity', acts(plus(NOW, SECOND))), NOW],
  ])('is told by %s', (_, reading, time) => {
    expect(lastOf(reading)).toEqual(time);
  });

  it('is the newest of them', () => {
    expect(lastOf(saw('cml-activity', acts(ago(50))), saw('cml-labs', running(1), ago(2)))).toEqual(ago(2));
  });
});
