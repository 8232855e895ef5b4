import { START } from '../testing/simulated-fleet';
import { CallLog } from './call-log';

it('counts all calls and keeps the last', () => {
  const log = new CallLog(6);
  for (let n = 0; n < 20; n += 1) {
    const outcome = n % 4 === 0 ? 'cut' : 'ok';
    log.add({ at: START, service: 'ec2', region: 'r', action: 'RunInstances', params: { n }, outcome });
  }
  expect([log.count('RunInstances'), log.count('RunInstances', 'cut'), log.count('StopInstances')]).toEqual([
    20, 5, 0,
  ]);
  expect(log.recent.length).toBeLessThanOrEqual(6);
  expect(log.recent.at(-1)?.params).toEqual({ n: 19 });
});

it('keeps fewer of those that are large', () => {
  const log = new CallLog(100, 1000);
  const params = { MetricDataQueries: Array.from({ length: 300 }, () => ({})) };
  for (let n = 0; n < 20; n += 1) {
    log.add({
      at: START,
      service: 'monitoring',
      region: 'r',
      action: 'GetMetricData',
      params,
      outcome: 'ok',
    });
  }
  expect(log.recent.length).toBeLessThanOrEqual(3);
  expect(log.count('GetMetricData')).toBe(20);
});
