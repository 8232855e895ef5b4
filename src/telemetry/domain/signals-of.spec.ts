import fc from 'fast-check';
import { latest, MINUTE, plus } from '../../kernel/clocks';
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
import { type SignalValue } from './signal';
import { RECENT_ACTIVITY_MS, signalsOf } from './signals-of';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const RULES = { cpuIdleBelowPercent: 10, maximalAgeMs: 3 * MINUTE };
const FAILURE = { code: 'timeout', message: 'no answer', at: NOW };

const ago = (minutes: number) => plus(NOW, -minutes * MINUTE);
const saw = <S extends Source>(source: S, values: ValuesOf[S], at = NOW): Observation<S> =>
  observed<S>(undefined, 'w1', source, values, at);
const running = (count: number): LabsValues => ({ total: count, running: count, labs: [] });
const stopped = (modifiedAt?: Date): LabsValues => {
  const lab = { id: 'a', title: null, owner: null, state: 'STOPPED', nodeCount: null };
  return { total: 1, running: 0, labs: [modifiedAt ? { ...lab, modifiedAt } : lab] };
};
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
/** Of people, the newest act on a lab or node, and the newest login or use. */
const acts = (
  newestActAt: Date | null,
  newestSessionAt: Date | null = null,
  everSeen = true,
): ActivityValues => ({
  newestActivityAt: latest(newestActAt, newestSessionAt),
  newestCategory: null,
  newestActAt,
  newestSessionAt,
  watermark: null,
  everSeen,
});
/** As a client says that does not know the one from the other. */
const notApart = (newestActivityAt: Date): ActivityValues => {
  const { newestActAt: _act, newestSessionAt: _session, ...values } = acts(newestActivityAt);
  return values;
};
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
    ['a lab was edited a moment ago', saw('cml-labs', stopped(plus(ago(5), 1))), 'labs', 'active'],
    ['no lab was edited of late', saw('cml-labs', stopped(ago(5))), 'labs', 'idle'],
    ['its clock is ahead', saw('cml-labs', stopped(ago(-60))), 'labs', 'idle'],
  ])('%s', (_, reading, signal, value) => {
    expect(said({}, reading)).toEqual([[signal, value, NOW]]);
  });

  it.each<[string, ActivityValues, SignalValue, SignalValue]>([
    ['no event was ever seen', acts(null, null, false), 'unknown', 'unknown'],
    ['events were seen, none of a person', acts(null), 'idle', 'idle'],
    ['the newest act is old', acts(ago(5)), 'idle', 'idle'],
    ['the newest act is recent', acts(plus(ago(5), 1)), 'active', 'idle'],
    ['somebody logged in', acts(ago(50), ago(1)), 'idle', 'active'],
    ['the two are not told apart, and new', notApart(ago(1)), 'active', 'active'],
    ['the two are not told apart, and old', notApart(ago(9)), 'idle', 'idle'],
  ])('%s', (_, values, activity, sessions) => {
    expect(said({}, saw('cml-activity', values))).toEqual([
      ['activity', activity, NOW],
      ['sessions', sessions, NOW],
    ]);
  });

  it('finds an act that happened since the last reading, however long ago that is', () => {
    const before = { 'cml-activity': saw('cml-activity', acts(null), ago(30)) };
    const values = (given: ActivityValues) =>
      said(before, saw('cml-activity', given)).map(([, value]) => value);
    expect(RECENT_ACTIVITY_MS).toBe(5 * MINUTE);
    expect(values(acts(ago(20)))).toEqual(['active', 'idle']);
    expect(values(acts(null, ago(29)))).toEqual(['idle', 'active']);
  });

  it('finds it though the clock of the server is behind by hours', () => {
    const before = { 'cml-activity': saw('cml-activity', acts(ago(300), ago(290)), ago(2)) };
    const values = (given: ActivityValues) =>
      said(before, saw('cml-activity', given)).map(([, value]) => value);
    expect(values(acts(plus(ago(300), 1), ago(290)))).toEqual(['active', 'idle']);
    expect(values(acts(ago(300), plus(ago(290), 1)))).toEqual(['idle', 'active']);
    expect(values(acts(ago(300), ago(290)))).toEqual(['idle', 'idle']);
  });

  it('finds labs that were changed since the last reading, though none runs', () => {
    const before = { 'cml-labs': saw('cml-labs', stopped(ago(50)), ago(1)) };
    expect(said(before, saw('cml-labs', stopped(ago(40))))).toEqual([['labs', 'active', NOW]]);
    expect(said(before, saw('cml-labs', stopped(ago(50))))).toEqual([['labs', 'idle', NOW]]);
  });

  it.each<[string, number | null, number, LabsValues, SignalValue]>([
    ['nodes run', 1, 0, running(0), 'unknown'],
    ['nodes ran a while ago', 1, 3, running(0), 'unknown'],
    ['nodes ran long ago', 1, 3.01, running(0), 'idle'],
    ['no node runs', 0, 0, running(0), 'idle'],
    ['nodes are not told', null, 0, running(0), 'idle'],
    ['labs run with their nodes', 4, 0, running(1), 'active'],
    ['somebody edits', 1, 0, stopped(ago(1)), 'active'],
  ])('of labs, where %s', (_, runningNodes, minutesAgo, labs, value) => {
    const system = saw('cml-system', { ...load(3), runningNodes }, ago(minutesAgo));
    expect(said({ 'cml-system': system }, saw('cml-labs', labs))).toEqual([['labs', value, NOW]]);
  });

  it('never says idle of a version that is not understood', () => {
    const system = saw('cml-system', { ...load(3), version: '3.0.0' });
    const values = (...readings: Observation[]) =>
      said({}, system, ...readings).map(([signal, value]) => `${String(signal)} ${String(value)}`);
    expect(values(saw('cml-labs', running(0)), saw('ec2', instance('RUNNING')))).toEqual([
      ...['ec2 idle', 'labs unknown', 'cpu unknown'],
    ]);
    expect(values(saw('cml-labs', running(1)), saw('cml-activity', acts(ago(1))))).toEqual([
      ...['labs active', 'cpu unknown', 'activity active', 'sessions unknown'],
    ]);
  });

  it('says nothing of sources that were not read again, and of one failed poll', () => {
    const before = withReadings({}, [saw('cml-labs', running(0), ago(3)), saw('ec2', instance('RUNNING'))]);
    expect(said(before)).toEqual([]);
    expect(said(before, failed(before['cml-labs'], 'w1', 'cml-labs', FAILURE))).toEqual([]);
  });

  it('tells a reading that failed from one that leaves it open, and what people were last known to do', () => {
    const told = (before: Observations, reading: Observation) =>
      signalsOf('w1', before, withReadings(before, [reading]), RULES).map(
        ({ signal, failed: fails, newestActivityAt }) => [signal, fails, newestActivityAt],
      );
    expect(told({}, saw('cml-system', load(null)))).toEqual([['cpu', undefined, undefined]]);
    expect(told({}, failed<'cml-labs'>(undefined, 'w1', 'cml-labs', FAILURE))).toEqual([
      ['labs', true, undefined],
    ]);
    expect(told({}, saw('cml-activity', acts(ago(40))))).toEqual([
      ['activity', undefined, ago(40)],
      ['sessions', undefined, ago(40)],
    ]);
    const found = { ...acts(ago(40)), newestFoundAt: ago(9) };
    expect(told({}, saw('cml-activity', found))[0]).toEqual(['activity', undefined, ago(9)]);
  });

  it('says unknown when the last good reading is too old, or there was none', () => {
    const before = { 'cml-labs': saw('cml-labs', running(0), plus(ago(3), -1)) };
    const unknown = [['labs', 'unknown', NOW]];
    expect(said(before, failed(before['cml-labs'], 'w1', 'cml-labs', FAILURE))).toEqual(unknown);
    expect(said({}, failed<'cml-labs'>(undefined, 'w1', 'cml-labs', FAILURE))).toEqual(unknown);
  });
});

describe('what is not known', () => {
  it('never becomes idle, whatever was read and in whatever order', () => {
    const time = fc.option(fc.integer({ min: 0, max: 90 }).map(ago), { nil: null });
    const fails = <S extends Source>(source: S) => failed<S>(undefined, 'w1', source, FAILURE);
    const reading = fc.oneof(
      fc.constantFrom<Observation>(
        saw('cml-system', load(null)),
        fails('cml-system'),
        fails('cml-labs'),
        fails('cml-activity'),
        fails('ec2'),
        saw('ec2', instance('STOPPED')),
      ),
      fc.tuple(time, time).map(([act, session]) => saw('cml-activity', acts(act, session, false))),
    );
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 8 }), (readings) => {
        let before: Observations = {};
        for (const one of readings) {
          const after = withReadings(before, [one]);
          for (const { value } of signalsOf('w1', before, after, RULES)) expect(value).toBe('unknown');
          before = after;
        }
      }),
    );
  });
});
