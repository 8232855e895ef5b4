import { MINUTE, plus } from '../../kernel/clocks';
import { METRIC_NAMES, METRICS, samplesOf } from './metric-sample';
import { type CloudWatchValues, failed, observed, type SystemValues } from './observation';

const NOW = new Date('2026-03-02T09:00:30.000Z');
const SYSTEM: SystemValues = {
  ...{ version: '2.9.0', ready: true, healthy: true, licensed: true },
  ...{ cpuPercent: 12.5, memoryPercent: 40, diskPercent: 0, runningNodes: 7 },
};
const NO_POINTS: CloudWatchValues = {
  ...{ cpuUtilization: null, memoryUtilization: null, statusCheckFailed: null },
  ...{ networkInBytesPerSecond: null, networkOutBytesPerSecond: null },
};
const system = (given: Partial<SystemValues> = {}) =>
  observed<'cml-system'>(undefined, 'w1', 'cml-system', { ...SYSTEM, ...given }, NOW);
const cloudWatch = (given: Partial<CloudWatchValues>) =>
  observed<'cloudwatch'>(undefined, 'w1', 'cloudwatch', { ...NO_POINTS, ...given }, NOW);

describe('the samples of a reading', () => {
  it('are the load and the nodes of a CML server, at the time of the reading', () => {
    const values = { cpuPercent: 12.5, memoryPercent: 40, diskPercent: 0, runningNodes: 7 };
    expect(samplesOf(system())).toEqual([{ workerId: 'w1', source: 'cml-system', at: NOW, values }]);
  });

  it('are the counts of its labs', () => {
    const labs = observed<'cml-labs'>(undefined, 'w1', 'cml-labs', { total: 3, running: 0, labs: [] }, NOW);
    const values = { runningLabs: 0, totalLabs: 3 };
    expect(samplesOf(labs)).toEqual([{ workerId: 'w1', source: 'cml-labs', at: NOW, values }]);
  });

  it('have nothing of what was not said, and are none where nothing was', () => {
    const [sample] = samplesOf(system({ cpuPercent: null, memoryPercent: Number.NaN }));
    expect(sample?.values).toEqual({ diskPercent: 0, runningNodes: 7 });
    const nothing = { cpuPercent: null, memoryPercent: null, diskPercent: null, runningNodes: null };
    expect(samplesOf(system(nothing))).toEqual([]);
  });

  it('are none where it failed, though the values of the one before are still there', () => {
    const error = { code: 'timeout', message: 'no answer', at: plus(NOW, MINUTE) };
    expect(samplesOf(failed(system(), 'w1', 'cml-system', error))).toEqual([]);
    expect(samplesOf(failed(undefined, 'w1', 'cml-system', error))).toEqual([]);
  });

  it('are the points of CloudWatch at their own times, those of one time together', () => {
    const at = new Date('2026-03-02T08:55:00.000Z');
    const earlier = plus(at, -5 * MINUTE);
    const given = {
      cpuUtilization: { value: 80, at },
      networkInBytesPerSecond: { value: 1_000, at },
      statusCheckFailed: { value: 0, at: earlier },
    };
    const sample = { workerId: 'w1', source: 'cloudwatch' };
    expect(samplesOf(cloudWatch(given))).toEqual([
      { ...sample, at, values: { cpuUtilization: 80, networkInBytesPerSecond: 1_000 } },
      { ...sample, at: earlier, values: { statusCheckFailed: 0 } },
    ]);
  });

  it('are no points that are too old to be kept, nor values of earlier versions without a time', () => {
    const days = 24 * 60 * MINUTE;
    const old = { value: 1, at: plus(NOW, -30 * days - 1) };
    const kept = { value: 2, at: plus(NOW, -30 * days) };
    const bare = 12 as unknown as CloudWatchValues['memoryUtilization'];
    const given = { cpuUtilization: old, statusCheckFailed: kept, memoryUtilization: bare };
    expect(samplesOf(cloudWatch(given))).toEqual([
      { workerId: 'w1', source: 'cloudwatch', at: kept.at, values: { statusCheckFailed: 2 } },
    ]);
  });

  it('are none of sources that have no metrics', () => {
    const activity = { newestActivityAt: NOW, newestCategory: null, watermark: NOW, everSeen: true };
    const reading = observed<'cml-activity'>(undefined, 'w1', 'cml-activity', activity, NOW);
    expect(samplesOf(reading)).toEqual([]);
  });

  it('are of the metric that is known by their name', () => {
    const given = Object.fromEntries(Object.keys(NO_POINTS).map((name) => [name, { value: 1, at: NOW }]));
    const labs = observed<'cml-labs'>(undefined, 'w1', 'cml-labs', { total: 3, running: 0, labs: [] }, NOW);
    const samples = [system(), labs, cloudWatch(given)].flatMap(samplesOf);
    const found = samples.flatMap(({ source, values }) => Object.keys(values).map((name) => [name, source]));
    const known = METRIC_NAMES.map((name) => [name, METRICS[name].source]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(known));
  });
});
