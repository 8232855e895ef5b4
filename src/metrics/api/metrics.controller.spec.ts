import { Counter } from 'prom-client';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { MetricsModule } from '../metrics.module';
import { MetricsRegistry } from '../metrics-registry';

let http: HttpApp;
beforeEach(async () => {
  http = await startHttpApp({ imports: [MetricsModule.forRoot()] });
});
afterEach(() => http.close());

const get = () => http.call('GET', '/metrics', { as: 'viewer' });

describe('GET /metrics', () => {
  it('shows the process to Prometheus', async () => {
    const { status, headers, body } = await get();

    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('shows what others add', async () => {
    const registers = [http.app.get(MetricsRegistry)];
    new Counter({ name: 'cml_fleet_things_total', help: 'Things', labelNames: ['sort'], registers }).inc(
      { sort: 'good' },
      3,
    );

    expect((await get()).body).toContain('cml_fleet_things_total{sort="good"} 3');
  });

  it('is not for everybody', async () => {
    expect((await http.call('GET', '/metrics')).status).toBe(401);
  });
});
