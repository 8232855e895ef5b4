import { Registry } from 'prom-client';
import { NoticeMetrics } from './notice-metrics';

describe('the metrics of notices', () => {
  it('begin at 0 for the channels that are set up, so that a first failure is an increase', async () => {
    const registry = new Registry();
    const metrics = new NoticeMetrics(registry, ['email']);
    const text = await registry.metrics();
    expect(text).toContain('cml_fleet_notices_total{channel="email",outcome="failed"} 0');
    expect(text).not.toContain('slack');
    metrics.count('email', 'failed');
    expect(await registry.metrics()).toContain('cml_fleet_notices_total{channel="email",outcome="failed"} 1');
  });

  it('know by which channels the latest try failed', () => {
    const metrics = new NoticeMetrics(new Registry());
    metrics.count('slack', 'failed');
    metrics.count('email', 'given-up');
    metrics.count('webhook', 'delivered');
    expect(metrics.failingChannels).toEqual(['email', 'slack']);
    metrics.count('slack', 'delivered');
    expect(metrics.failingChannels).toEqual(['email']);
  });
});
